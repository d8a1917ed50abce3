# What the service needs to run, without what tests it.
FROM node:24-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:24-trixie-slim
# For backups of PostgreSQL; the version of pg_dump is to be that of the server, or newer.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE README.md ./
COPY calendars ./calendars
COPY db ./db
COPY jobs ./jobs
COPY seeds ./seeds
COPY server ./server
# All that is ever written; the rest may be read-only. Who names a database gets no example organisation.
RUN mkdir -m 700 data && chown node:node data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATABASE_URL=file:data/inkoopkalender.db
VOLUME /app/data
EXPOSE 3000
USER node
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/start.js"]
