# The image that `npm run manifests -- --namespace` installs. Run it as any user, with a read-only root:
#   docker build -t poolboard .
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The image brings its own Node; the one that npm installs for machines without it is not needed.
RUN node lib/cli/build.ts && npm prune --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-*

FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
COPY --from=build /app /app
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 3000
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=4", "lib/cli/start.ts"]
CMD ["--in-cluster", "--host", "0.0.0.0"]
