package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestEvalClassify holds the figures of a small set to the contract's keys.
func TestEvalClassify(t *testing.T) {
	t.Parallel()
	sets := filepath.Join("..", "..", "bot", "understand", "testdata", "classify")
	train, test := filepath.Join(sets, "en.train.jsonl"), filepath.Join(sets, "en.test.jsonl")
	code, out, errs := cli(t, nil, "", "eval", "classify", "--train", train, "--test", test, "--json")
	if code != exitOK {
		t.Fatalf("code %d, said %q", code, errs)
	}
	var got map[string]float64
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got["accuracy"] < 0.85 || got["oos_recall"] < 0.4 || got["us_per_message"] <= 0 || got["train_s"] <= 0 {
		t.Errorf("got %v, want accuracy, oos_recall, us_per_message and train_s", got)
	}
	code, out, errs = cli(t, nil, "", "eval", "classify", "--train", train, "--test", test)
	if code != exitOK || !strings.Contains(out, "of 32\n") || !strings.Contains(out, "of 24\n") {
		t.Errorf("table: code %d, printed %q, said %q", code, out, errs)
	}
	if code, _, errs = cli(t, nil, "", "eval", "classify", "--train", train); code != exitUsage || !strings.Contains(errs, "--test") {
		t.Errorf("without --test: code %d, said %q", code, errs)
	}
}
