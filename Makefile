.PHONY: demo test lint bench race train pictures menus build

demo: ## try everything on this machine; prints an address to open
	go run ./cmd/tsunagu demo --open

test: ## every test, on SQLite, PostgreSQL and Redis
	./scripts/test

race: ## the same under the race detector (needs a C compiler)
	CGO_ENABLED=1 ./scripts/test -race

lint: ## the linters of .golangci.yml
	go tool -modfile=tools/go.mod golangci-lint run ./...

build: ## one static binary: ./tsunagu
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o tsunagu ./cmd/tsunagu

bench: ## benchmarks of the hot paths, then the whole service under load
	go test -run '^$$' -bench . -benchmem ./bot/... ./internal/...
	go run ./cmd/tsunagu bench

train: ## train the understanding model from intents/
	go run ./cmd/tsunagu train

pictures: ## screenshots of the demo for the README and the staff's guide (needs Chromium)
	go run ./internal/demo/shots

menus: ## draw the menus under the talk from intents/menu.yaml (needs Chromium and Noto fonts)
	go run ./internal/menu/draw
