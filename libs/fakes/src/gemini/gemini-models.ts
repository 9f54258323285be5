// The models of the pretended Gemini, as ListModels describes them.

export interface GeminiModel {
  readonly id: string
  readonly displayName: string
  readonly thinking: boolean
  readonly inputTokenLimit: number
  readonly outputTokenLimit: number
  readonly methods: readonly string[]
}

const talks = ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent']

function model(id: string, displayName: string, rest: Partial<GeminiModel> = {}): GeminiModel {
  const limits = { inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 }
  return { id, displayName, thinking: true, ...limits, methods: talks, ...rest }
}

/** A few of those that are listed in late 2026, and what a list must be read past: other uses, and one that cannot think. */
export function geminiModels(): Map<string, GeminiModel> {
  const models = [
    model('gemini-2.0-flash', 'Gemini 2.0 Flash', { thinking: false, outputTokenLimit: 8_192 }),
    model('gemini-2.5-flash', 'Gemini 2.5 Flash'),
    model('gemini-2.5-flash-image', 'Gemini 2.5 Flash Image', { inputTokenLimit: 32_768 }),
    model('gemini-3.1-pro-preview', 'Gemini 3.1 Pro Preview'),
    model('gemini-3.1-flash-lite', 'Gemini 3.1 Flash-Lite'),
    model('gemini-3.8-flash', 'Gemini 3.8 Flash'),
    model('gemini-3.8-flash-tts', 'Gemini 3.8 Flash TTS', { inputTokenLimit: 8_192 }),
    model('gemini-flash-latest', 'Gemini Flash Latest'),
    model('gemini-embedding-001', 'Gemini Embedding 001', { inputTokenLimit: 2_048, methods: ['embedContent'] }),
  ]
  return new Map(models.map((one) => [one.id, one]))
}

export function modelAnswer({ id, displayName, methods, ...rest }: GeminiModel) {
  return {
    name: `models/${id}`,
    version: '001',
    displayName,
    description: 'A pretended model.',
    inputTokenLimit: rest.inputTokenLimit,
    outputTokenLimit: rest.outputTokenLimit,
    supportedGenerationMethods: [...methods],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    ...(rest.thinking ? { thinking: true } : {}),
  }
}
