/** The managers' pages: campaigns, one of them, and rehearsals. */
import { Route, Switch } from 'wouter'
import { CampaignsPage } from './list.tsx'
import { CampaignPage } from './one.tsx'
import { RehearsalPage } from './rehearsal/index.tsx'
import './campaigns.css'

export default function Campaigns() {
  return (
    <main id="page" className="page" tabIndex={-1}>
      <Switch>
        <Route path="/rehearsal">
          <RehearsalPage />
        </Route>
        <Route path="/campaigns/:id">{({ id }) => <CampaignPage key={id} id={id} />}</Route>
        <Route>
          <CampaignsPage />
        </Route>
      </Switch>
    </main>
  )
}
