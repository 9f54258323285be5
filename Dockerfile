# One image recipe for both processes: `--target app-server` and `--target mcp-router`.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY app-server/package.json app-server/
COPY mcp-router/package.json mcp-router/
COPY libs/contracts/package.json libs/contracts/
COPY libs/telemetry/package.json libs/telemetry/
COPY libs/local-postgres/package.json libs/local-postgres/
COPY libs/testing/package.json libs/testing/
COPY libs/fakes/package.json libs/fakes/
# Without the optional packages: the image has its own Node and a database beside it. Not `npm ci`, which refuses a lock file
# that was made where the registry lacks packages of other operating systems.
RUN npm install --omit=optional --no-audit --no-fund
COPY tsconfig.base.json ./
COPY libs/contracts libs/contracts
COPY libs/telemetry libs/telemetry
COPY app-server app-server
COPY mcp-router mcp-router
RUN npx tsc -b app-server mcp-router
# npm puts a package beside the workspace that needs another version of it than the rest; such folders need not exist.
RUN npm prune --omit=dev --omit=optional --no-audit --no-fund && mkdir -p app-server/node_modules mcp-router/node_modules

FROM node:24-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /srv
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/libs/contracts/package.json libs/contracts/
COPY --from=build /src/libs/contracts/dist libs/contracts/dist
COPY --from=build /src/libs/telemetry/package.json libs/telemetry/
COPY --from=build /src/libs/telemetry/dist libs/telemetry/dist

FROM runtime AS app-server
COPY --from=build /src/app-server/package.json app-server/
COPY --from=build /src/app-server/node_modules app-server/node_modules
COPY --from=build /src/app-server/dist app-server/dist
COPY --from=build /src/app-server/assets app-server/assets
ENV APP_HOST=0.0.0.0
RUN mkdir /secrets && chown node:node /secrets
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "app-server/dist/main.js"]

FROM runtime AS mcp-router
COPY --from=build /src/mcp-router/package.json mcp-router/
COPY --from=build /src/mcp-router/node_modules mcp-router/node_modules
COPY --from=build /src/mcp-router/dist mcp-router/dist
ENV ROUTER_HOST=0.0.0.0
USER node
EXPOSE 8080
CMD ["node", "--enable-source-maps", "mcp-router/dist/main.js"]
