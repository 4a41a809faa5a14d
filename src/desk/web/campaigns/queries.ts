/** What the pages of campaigns read. Nobody tells them what has happened: they look again while they are open. */
import { useQuery } from '@tanstack/react-query'
import type { CampaignDetail, CampaignList, Proposal, RunReportLine } from '../../campaigns-api.ts'
import { get } from '../api/client.ts'

const lookEveryMs = 10_000

export const campaignKeys = {
  all: ['campaigns'] as const,
  one: (id: string) => ['campaigns', id] as const,
  proposal: (id: string) => ['campaigns', id, 'proposal'] as const,
  report: (id: string, run: string) => ['campaigns', id, run] as const,
}

export const pathOf = (id: string): string => `/api/campaigns/${encodeURIComponent(id)}`

export const useCampaigns = () =>
  useQuery({
    queryKey: campaignKeys.all,
    queryFn: () => get<CampaignList>('/api/campaigns'),
    refetchOnMount: 'always',
    refetchInterval: lookEveryMs,
  })

export const useCampaign = (id: string) =>
  useQuery({
    queryKey: campaignKeys.one(id),
    queryFn: () => get<CampaignDetail>(pathOf(id)),
    refetchOnMount: 'always',
    refetchInterval: lookEveryMs,
  })

/** Always as it is now: what is approved is what is seen. */
export const useProposal = (id: string) =>
  useQuery({
    queryKey: campaignKeys.proposal(id),
    queryFn: () => get<Proposal>(`${pathOf(id)}/proposal`),
    staleTime: 0,
    gcTime: 0,
  })

export const useReport = (id: string, run: string, isOver: boolean) =>
  useQuery({
    queryKey: campaignKeys.report(id, run),
    queryFn: () => get<RunReportLine>(`${pathOf(id)}/runs/${run}`),
    refetchOnMount: 'always',
    refetchInterval: isOver ? false : lookEveryMs,
  })
