# The image of the operator and of gateways: hack/image builds it. hack/rootfs says what is in it.
FROM docker.io/library/swift:6.3-bookworm AS build
WORKDIR /source
COPY hack/lib.sh hack/lib.sh
RUN bash -c 'source hack/lib.sh && need_packages "${build_packages[@]}" binutils ca-certificates'
COPY . .
RUN swift build -c release --product switchyard \
  && hack/rootfs "$(swift build -c release --show-bin-path)/switchyard" /rootfs

FROM scratch
COPY --from=build /rootfs /
USER 65532:65532
ENTRYPOINT ["/usr/bin/switchyard"]
