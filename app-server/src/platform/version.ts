// Which version this is, as the package says.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** app-server/package.json, seen alike from src/platform and dist/platform. */
const packageFile = new URL('../../package.json', import.meta.url)

/** E.g. "0.1.0". */
export const version: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version
