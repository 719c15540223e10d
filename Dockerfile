# syntax=docker/dockerfile:1

# The engine in a container: built in one stage, run in another that holds only what it needs.
#
#   docker build -t prediction-engine:local .
#   docker run --init -p 127.0.0.1:9000:9000 prediction-engine:local demo

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/web/dist ./web/dist
COPY package.json config.schema.json ./
COPY bin ./bin
COPY ops/check-health.cjs ./ops/check-health.cjs

# The image's own user "node" is 1000. What it keeps lies in /data, and it looks for
# prediction-engine.toml there.
RUN install --directory --owner=1000 --group=1000 --mode=0700 /data
ENV PREDICTION_ENGINE_SERVER_HOST=0.0.0.0
ENV PREDICTION_ENGINE_DATA_FOLDER=/data
WORKDIR /data
VOLUME /data
USER 1000:1000

EXPOSE 9000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
  CMD ["node", "/app/ops/check-health.cjs"]
ENTRYPOINT ["node", "/app/bin/prediction-engine.cjs"]
CMD ["run"]
