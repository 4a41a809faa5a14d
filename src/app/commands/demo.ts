import type { Command } from 'commander'
import { environmentOf } from './common.ts'

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('a simulated WeChat in your browser, in which you are any customer and any adviser')
    .option('--terminal', 'in the terminal instead: a scene, then you are any customer')
    .option('--scene', 'play the scene and end; exit code 0 when the bot said everything that it should')
    .action(async (options: { scene?: boolean; terminal?: boolean }, command: Command) => {
      const env = environmentOf(command)
      const { runDemo } = await import('../demo/demo.ts')
      await runDemo(env, options.scene ? 'scene' : options.terminal ? 'terminal' : 'page')
    })
}
