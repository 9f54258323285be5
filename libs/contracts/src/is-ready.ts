// Ends with 0 when the process on the given port can do its work: the health check of the containers, which have no curl.
const [port] = process.argv.slice(2)

const ready = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) }).then(
  ({ ok }) => ok,
  () => false,
)
process.exit(ready ? 0 : 1)
