/** The file that the tagging thread runs. */
import { serveTaggingThread } from '../domains/tags/index.ts'

serveTaggingThread()
