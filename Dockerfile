# Images of LoptCluster: one program, three targets.
#
#   docker build --target coordinator -t localhost/lopt-coordinator:0.1.0 .
#   docker build --target worker      -t localhost/lopt-worker:0.1.0      .
#   docker build --target cli         -t localhost/lopt-cli:0.1.0         .
#
# For several architectures at once, pushed to a registry: docs/DEPLOY.md, "Images".
#
# They need no shell, no package and no writable file but the run folder: --build-arg RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
# gives images without one. How the program is published was chosen by measurement: docs/COMPOSE.md, "Sizes and start times".
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0

# The SDK runs as what builds, and compiles for what the image is to run on: docker buildx build --platform linux/amd64,linux/arm64 needs no emulator.
FROM --platform=$BUILDPLATFORM ${SDK} AS build
ARG TARGETARCH
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_EnableDiagnostics=0 NUGET_PACKAGES=/packages
WORKDIR /source

# What a restore depends on, and nothing else: a change of the sources does not restore again. The packages are in a cache of the builder, not
# in a layer, which would take longer to write than they take to fetch.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Shared/Shared.csproj src/Shared/
COPY src/Protocol/Protocol.csproj src/Protocol/
COPY src/Engine/Engine.csproj src/Engine/
COPY src/Hosting/Hosting.csproj src/Hosting/
COPY src/Coordinator/Coordinator.csproj src/Coordinator/
COPY src/Worker/Worker.csproj src/Worker/
COPY src/Cli/Cli.csproj src/Cli/
RUN --mount=type=cache,target=/packages \
    dotnet restore src/Cli/Cli.csproj --arch $TARGETARCH -p:PublishReadyToRun=true

COPY protos/ protos/
COPY presets/ presets/
COPY golden/ golden/
COPY LICENSE THIRD-PARTY-NOTICES.md ./
COPY theta/ theta/
COPY src/ src/
# ReadyToRun: compiled ahead of time, the hot kernels again by the JIT for the processor at hand. Analyzers are the gate's work, not the image's.
RUN --mount=type=cache,target=/packages \
    dotnet publish src/Cli/Cli.csproj --no-restore --configuration Release --arch $TARGETARCH --self-contained false --output /app \
      -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:GenerateDocumentationFile=false \
 && mkdir -p /empty

FROM ${RUNTIME} AS program
COPY --from=build /app /app
# No diagnostic socket (it would need a writable /tmp), no addresses from the base image: the listeners are the command line's.
ENV PATH=/app:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    DOTNET_EnableDiagnostics=0 \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 \
    ASPNETCORE_HTTP_PORTS=
USER 1654:1654
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/lopt"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="The LoptCluster authors" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Holds θ. Beyond loopback it asks for TLS and three tokens, or --insecure, so this command alone ends with a line that says so.
FROM program AS coordinator
COPY --from=build --chown=1654:1654 /empty /var/lib/lopt
WORKDIR /var/lib/lopt
VOLUME /var/lib/lopt
EXPOSE 5317 5318 5319
# A question costs 0.15 s of a core, so not every second.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["/app/lopt", "health"]
CMD ["coordinator", "--preset", "quickstart", "--run", "/var/lib/lopt/run/quickstart", "--listen", "0.0.0.0:5317", "--web", "0.0.0.0:5318", "--health", "127.0.0.1:5319", "--log-format", "json"]
LABEL org.opencontainers.image.title="lopt-coordinator" \
      org.opencontainers.image.description="LoptCluster's coordinator: holds the learned optimizer's parameters and merges the workers' gradient samples"

# Unrolls. Stateless: any number of them may come and go.
FROM program AS worker
EXPOSE 5318 5319
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["/app/lopt", "health"]
CMD ["worker", "--coordinator", "https://coordinator:5317", "--metrics", "0.0.0.0:5318", "--health", "127.0.0.1:5319", "--log-format", "json"]
LABEL org.opencontainers.image.title="lopt-worker" \
      org.opencontainers.image.description="LoptCluster's worker: unrolls inner-problems and streams gradient samples to a coordinator"

# For people: pull, status, evaluate, verify, bench, train. Mount a folder at /work for what it writes.
FROM program AS cli
COPY --from=build --chown=1654:1654 /empty /work
WORKDIR /work
CMD ["--help"]
LABEL org.opencontainers.image.title="lopt-cli" \
      org.opencontainers.image.description="LoptCluster's command line: pull and evaluate a trained optimizer, watch a run, train on one machine"
