# The image of a node, of the stand-in platforms and of every command.
#   docker build -t pulsegrid:0.1.0 .
# What is fetched stands in layers below what is built here, so that a new build of ours pushes a few megabytes.

FROM maven:3.9.11-eclipse-temurin-25-noble AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dmaven.test.skip=true -pl distribution -am package \
    && mkdir /pulsegrid \
    && tar -xzf distribution/target/pulsegrid-*.tar.gz -C /pulsegrid --strip-components=1

FROM eclipse-temurin:25.0.1_8-jre-noble
LABEL org.opencontainers.image.title="Pulsegrid" \
      org.opencontainers.image.description="Publishes and listens for teams that run social channels"
RUN groupadd --system --gid 10001 pulsegrid \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin pulsegrid \
    && mkdir /data && chown 10001:10001 /data && chmod 700 /data
COPY --from=build /pulsegrid/lib /opt/pulsegrid/lib
COPY --from=build /pulsegrid/config /opt/pulsegrid/config
COPY --from=build /pulsegrid/pulsegrid /opt/pulsegrid/pulsegrid
COPY --from=build /pulsegrid/app /opt/pulsegrid/app
USER 10001:10001
WORKDIR /data
ENV PULSEGRID_DATA=/data SERVER_ADDRESS=0.0.0.0
VOLUME /data
EXPOSE 8080 10800
# A node that loads millions of rows is long not ready; only a start that is over counts.
HEALTHCHECK --interval=10s --timeout=6s --start-period=10m --retries=3 CMD ["/opt/pulsegrid/pulsegrid", "health"]
ENTRYPOINT ["/opt/pulsegrid/pulsegrid"]
CMD ["node"]
