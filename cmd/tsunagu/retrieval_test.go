package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestEvalRetrieval holds the contract's files and keys to the program.
func TestEvalRetrieval(t *testing.T) {
	t.Parallel()
	data := filepath.Join("..", "..", "bot", "faq", "testdata")
	pairs, queries := filepath.Join(data, "pairs.tsv"), filepath.Join(data, "unseen.tsv")
	code, out, errs := cli(t, nil, "", "eval", "retrieval", "--pairs", pairs, "--queries", queries, "--json")
	var figures map[string]float64
	if err := json.Unmarshal([]byte(out), &figures); code != exitOK || err != nil {
		t.Fatalf("code %d, %v: %s", code, err, errs)
	}
	for _, key := range []string{"recall@10", "hit@1", "hit@3", "hit@5", "mrr", "us_per_query"} {
		if figures[key] <= 0 {
			t.Errorf("%s is %v, want more than 0 in %s", key, figures[key], out)
		}
	}
	if figures["recall@10"] < .75 {
		t.Errorf("recall@10 is %.3f, want at least .75", figures["recall@10"])
	}
	code, out, _ = cli(t, nil, "", "eval", "retrieval", "--pairs", pairs, "--queries", queries, "--missed")
	if code != exitOK || !strings.Contains(out, "right in the first 10") || !strings.Contains(out, "wanted") {
		t.Errorf("code %d, table %q", code, out)
	}
	for _, args := range [][]string{{}, {"--pairs", pairs}, {"--pairs", "no-such-file", "--queries", queries}, {"--pairs", queries, "--queries", "no-such-file"}} {
		if code, _, errs := cli(t, nil, "", append([]string{"eval", "retrieval"}, args...)...); code != exitUsage {
			t.Errorf("%v: code %d, said %q; want 2", args, code, errs)
		}
	}
}

func TestAskShowsFAQ(t *testing.T) {
	t.Parallel()
	code, out, errs := cli(t, nil, "", "ask", "--json", "書いたことはだれが読みますか")
	var a struct {
		FAQ []struct {
			ID      string
			Score   float64
			Sure    float64
			Answers bool
		}
	}
	if err := json.Unmarshal([]byte(out), &a); code != exitOK || err != nil || len(a.FAQ) == 0 {
		t.Fatalf("code %d, %v, said %q and %q", code, err, out, errs)
	}
	if h := a.FAQ[0]; h.ID != "privacy-who" || h.Score <= 0 || h.Sure <= 0 || !h.Answers {
		t.Errorf("got %+v, want privacy-who as an answer", h)
	}
}
