package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot/faq"
)

// evalRetrieval measures how well questions find their FAQ entries.
func evalRetrieval(args []string, s streams) error {
	f := flags("eval", s)
	pairs := f.String("pairs", "", "TSV: id, question, answer")
	queries := f.String("queries", "", "TSV: id, query, relevant ids with commas between")
	asJSON := f.Bool("json", false, "figures as one JSON object")
	dir := f.String("pack", "", "content pack whose civic lexicon is used; empty: the embedded one")
	without := f.String("without", "", "leave channels out: letters of B R C L K, Q coverage, X lexicon")
	missed := f.Bool("missed", false, "also list the questions without a right entry among the first ten")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 0); err != nil {
		return err
	}
	if *pairs == "" || *queries == "" {
		return wrongUsage("give --pairs pairs.tsv and --queries queries.tsv")
	}
	entries, err := readTable(*pairs, faq.ParsePairs)
	if err != nil {
		return err
	}
	asked, err := readTable(*queries, faq.ParseAsked)
	if err != nil {
		return err
	}
	p, err := openPack(*dir, s.err)
	if err != nil {
		return err
	}
	began := time.Now()
	x, err := faq.Build(entries, p.Content.Civic)
	if err != nil {
		return fmt.Errorf("build the index: %w", err)
	}
	built := time.Since(began)
	if *without != "" {
		x = x.Without(*without)
	}
	each := timeQueries(x, asked)
	r := faq.Measure(x, asked)
	if *asJSON {
		return json.NewEncoder(s.out).Encode(map[string]float64{
			"recall@10": r.Recall, "hit@1": r.Hit1, "hit@3": r.Hit3, "hit@5": r.Hit5, "mrr": r.MRR,
			"us_per_query": float64(each.Nanoseconds()) / 1000, "build_s": built.Seconds(),
		})
	}
	_, _ = fmt.Fprintf(s.out, "pairs, queries         %d, %d\nright in the first 10  %.1f %%\nright first            %.1f %%\nright in the first 3   %.1f %%\nright in the first 5   %.1f %%\nMRR                    %.3f\nanswered alone, wrong  %d, %d\nper query (median)     %v\nbuilding the index     %v\n",
		len(entries), r.N, 100*r.Recall, 100*r.Hit1, 100*r.Hit3, 100*r.Hit5, r.MRR, r.Answered, r.Wrong,
		each.Round(time.Microsecond), built.Round(time.Millisecond))
	if *missed {
		showMissed(x, asked, entries, r.Missed, s)
	}
	return nil
}

// timeQueries is the median time of one question.
func timeQueries(x *faq.Index, asked []faq.Asked) time.Duration {
	took := make([]time.Duration, 0, len(asked))
	for _, q := range asked {
		began := time.Now()
		x.Search(q.Query, 10)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2]
}

func showMissed(x *faq.Index, asked []faq.Asked, entries []faq.Entry, missed []string, s streams) {
	question := make(map[string]string)
	for _, e := range entries {
		question[e.ID] = e.Question
	}
	for _, q := range asked {
		if !slices.Contains(missed, q.ID) {
			continue
		}
		_, _ = fmt.Fprintf(s.out, "\n%s %s\n", q.ID, q.Query)
		for _, id := range q.Relevant {
			_, _ = fmt.Fprintf(s.out, "  wanted %s %s\n", id, question[id])
		}
		for _, h := range x.Search(q.Query, 3) {
			_, _ = fmt.Fprintf(s.out, "  %.2f   %s %s %v\n", h.Score, h.ID, question[h.ID], h.Why)
		}
	}
}

func readTable[T any](file string, read func(string) ([]T, error)) ([]T, error) {
	b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, wrongUsage("%v", err)
	}
	list, err := read(string(b))
	if err != nil {
		return nil, wrongUsage("%s: %v", file, err)
	}
	return list, nil
}
