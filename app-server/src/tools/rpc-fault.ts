// A fault of a client's message itself, told as a JSON-RPC error.

export class RpcFault extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message)
    this.name = 'RpcFault'
  }
}
