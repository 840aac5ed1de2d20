# One static binary on nothing else. Build: docker build -t tsunagu .
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /tsunagu ./cmd/tsunagu

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /tsunagu /tsunagu
ENV LISTEN_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/tsunagu"]
CMD ["serve"]
