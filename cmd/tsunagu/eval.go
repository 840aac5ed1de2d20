package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// evalCommand measures understanding. Without a file it cross-validates,
// leaving one voice out at a time.
func evalCommand(_ context.Context, args []string, s streams) error {
	if len(args) > 0 {
		switch args[0] {
		case "intents":
			return evalIntents(args[1:], s)
		case "classify":
			return evalClassify(args[1:], s)
		case "retrieval":
			return evalRetrieval(args[1:], s)
		}
	}
	f := flags("eval", s)
	asJSON := f.Bool("json", false, "figures as one JSON object")
	dir := f.String("pack", "", "content pack; empty: the embedded one")
	voices := f.Int("voices", 3, "how many voices to leave out in turn, one training each")
	if err := parse(f, args); err != nil {
		return err
	}
	switch f.Arg(0) {
	case "intents", "classify", "retrieval":
		return wrongUsage("%[1]q comes first: tsunagu eval %[1]s …, then the flags", f.Arg(0))
	}
	if f.NArg() > 0 {
		return wrongUsage("%q cannot be measured; use intents, classify or retrieval, or nothing", f.Arg(0))
	}
	p, err := openPack(*dir, s.err)
	if err != nil {
		return err
	}
	r, err := understand.LeaveOneVoiceOut(p.ForTraining(), understand.Options{Seed: intents.Seed}, *voices,
		func(voices []string, r understand.Report) {
			_, _ = fmt.Fprintf(s.err, "left out %v: first %.1f %%, danger %.1f %%\n", voices, 100*r.All.First.Share(), 100*r.All.Danger.Share())
		})
	if err != nil {
		return fmt.Errorf("leave one voice out: %w", err)
	}
	return show(r, *asJSON, s)
}

func show(r understand.Report, asJSON bool, s streams) error {
	if asJSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	_, err := fmt.Fprint(s.out, r.Table())
	return err
}

func evalIntents(args []string, s streams) error {
	f := flags("eval", s)
	asJSON := f.Bool("json", false, "figures as one JSON object")
	dir := f.String("pack", "", "content pack; empty: the embedded one")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return wrongUsage("give one FILE.jsonl of labelled messages")
	}
	b, err := os.ReadFile(f.Arg(0))
	if err != nil {
		return wrongUsage("%v", err)
	}
	cases, err := understand.ParseCases(b)
	if err != nil {
		return wrongUsage("%s: %v", f.Arg(0), err)
	}
	if len(cases) == 0 {
		return wrongUsage("%s has no messages; give a line of JSON for each", f.Arg(0))
	}
	_, m, _, err := openBot(*dir, "", s.err)
	if err != nil {
		return err
	}
	return show(understand.Eval(m, cases), *asJSON, s)
}

func evalClassify(args []string, s streams) error {
	f := flags("eval", s)
	train := f.String("train", "", `labelled {"text","label"} a line to learn from`)
	test := f.String("test", "", "labelled lines to measure on; label oos is outside all others")
	asJSON := f.Bool("json", false, "figures as one JSON object")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 0); err != nil {
		return err
	}
	if *train == "" || *test == "" {
		return wrongUsage("give --train A.jsonl and --test B.jsonl")
	}
	learn, err := labelled(*train)
	if err != nil {
		return err
	}
	measure, err := labelled(*test)
	if err != nil {
		return err
	}
	began := time.Now()
	c, err := understand.TrainClassifier(learn, understand.Options{Seed: intents.Seed})
	if err != nil {
		return wrongUsage("%s: %v", *train, err)
	}
	trained := time.Since(began)
	began = time.Now()
	r := understand.EvalClassifier(c, measure)
	each := time.Since(began) / time.Duration(max(1, len(measure)))
	figures := map[string]float64{
		"accuracy": r.Accuracy.Share(), "oos_recall": r.OOSRecall.Share(),
		"us_per_message": float64(each.Nanoseconds()) / 1000, "train_s": trained.Seconds(),
	}
	if *asJSON {
		return json.NewEncoder(s.out).Encode(figures)
	}
	_, err = fmt.Fprintf(s.out, "accuracy (in scope)  %.1f %% of %d\noos recall           %.1f %% of %d\nper message          %v\ntraining             %v\n",
		100*r.Accuracy.Share(), r.Accuracy.N, 100*r.OOSRecall.Share(), r.OOSRecall.N, each.Round(time.Microsecond), trained.Round(time.Millisecond))
	return err
}

func labelled(file string) ([]understand.Labelled, error) {
	b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, wrongUsage("%v", err)
	}
	set, err := understand.ParseLabelled(b)
	if err != nil {
		return nil, wrongUsage("%s: %v", file, err)
	}
	if len(set) == 0 {
		return nil, wrongUsage(`%s is empty; give {"text","label"} a line`, file)
	}
	return set, nil
}
