// Forms: definitions with typed fields, and what people hand in.
import { defineProvider } from '../provider.js'
import { getTool } from './get.js'
import { listTool } from './list.js'
import { addFormSamples } from './sample.js'
import { FormTables1763600013000 } from './schema.js'
import { listSubmissionsTool } from './submissions.js'
import { submitTool } from './submit.js'
import { ja as japanese } from './words.ja.js'

export const form = defineProvider({
  id: 'form',
  title: 'Forms',
  description: 'Fill in forms and look at what you have submitted.',
  japanese,
  scopes: {
    'form:read': { allows: 'see forms and what you have submitted', access: 'read' },
    'form:submit': { allows: 'submit forms in your name', access: 'write' },
  },
  tools: [listTool, getTool, submitTool, listSubmissionsTool],
  migrations: [FormTables1763600013000],
  sampleData: addFormSamples,
})
