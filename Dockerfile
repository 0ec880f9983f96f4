# Simmer needs Node and its packages, nothing is built. The embedded PostgreSQL is left out: containers have their own.
FROM node:20-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY src ./src
COPY templates ./templates
COPY feeds.config.ts ./
# DATA_DIR: what is clicked while PostgreSQL is away is kept here until it is back. Give it a volume, or it is gone with the
# container.
RUN mkdir data && chown node:node data
USER node
EXPOSE 3000
ENTRYPOINT ["node", "src/bin.mjs"]
CMD ["start"]
