package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/web"
)

const reportHelp = `
Without --from and --to the report is of the month that ended last. Both take a month (2026-10); of a day only
the first (--from) or the last (--to) of a month. Months that are not over, weeks and single days are not
offered, and numbers below 5 are hidden so that they cannot be worked out: docs/report.ja.md says how to read it.`

// reportFormats are what a report can be written as.
var reportFormats = []string{"html", "csv", "json"}

// reportCommand writes what the town asks for, and what did not connect.
func reportCommand(ctx context.Context, args []string, s streams) error {
	f := flags("report", s)
	from := f.String("from", "", "first month, such as 2026-10")
	to := f.String("to", "", "last month")
	format := f.String("format", "html", "html, csv or json")
	out := f.String("out", "", "file to make; empty: stdout")
	usage := f.Usage
	f.Usage = func() { usage(); _, _ = fmt.Fprintln(s.err, reportHelp) }
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 0); err != nil {
		return err
	}
	if !slices.Contains(reportFormats, *format) {
		return wrongUsage("--format %q is none of html, csv and json", *format)
	}
	now := time.Now()
	period, err := insight.ParsePeriod(*from, *to, now)
	if wrong, ok := errors.AsType[*insight.PeriodError](err); ok {
		return wrongUsage("--%s: %w", wrong.Name, wrong)
	}
	if err != nil {
		return err
	}
	cfg, err := readConfig(s.env, false)
	if err != nil {
		return err
	}
	cfg.RedisURL = "" // nothing is asked of it
	k, err := openKept(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = k.Close() }()
	pack, err := openPack(cfg.IntentsDir, s.err)
	if err != nil {
		return err
	}
	r, err := reportOf(ctx, k.Store, pack.Content, period, now)
	if err != nil {
		return err
	}
	if *out == "" {
		return writeReport(s.out, r, *format, nil)
	}
	return intoNewFile(*out, func(w io.Writer) error { return writeReport(w, r, *format, nil) })
}

// intoNewFile writes a file that is not there yet; when that fails there is
// none.
func intoNewFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrExist) {
		return wrongUsage("--out %s is there already and is not overwritten", path)
	}
	if err != nil {
		return wrongUsage("--out: %v", err)
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// tallyStore is where tallies are kept.
type tallyStore interface {
	Tallies(ctx context.Context, from, to insight.Month) ([]insight.Tally, error)
	FirstMonth(ctx context.Context) (insight.Month, error)
	Judgements(ctx context.Context, from, to insight.Month) ([]insight.Judgement, error)
}

func reportOf(ctx context.Context, from tallyStore, content *bot.Content, p insight.Period, now time.Time) (insight.Report, error) {
	first, err := from.FirstMonth(ctx)
	if err != nil {
		return insight.Report{}, err
	}
	tallies, err := from.Tallies(ctx, p.Before().From, p.To)
	if err != nil {
		return insight.Report{}, err
	}
	judged, err := from.Judgements(ctx, p.From, p.To)
	if err != nil {
		return insight.Report{}, err
	}
	_, made := from.(samples)
	return insight.New(insight.Options{Content: content, Period: p, Made: now, Since: first, Judged: judged, Sample: made}, tallies), nil
}

func writeReport(w io.Writer, r insight.Report, format string, links []insight.Link) error {
	switch format {
	case "csv":
		return r.CSV(w)
	case "json":
		return r.JSON(w)
	}
	return r.Page(w, links)
}

// reporter makes the reports that are asked for over HTTP: one at a time, each
// kept for a minute, so that nobody can keep the database busy with them.
type reporter struct {
	content func() *bot.Content
	store   tallyStore
	now     func() time.Time

	mu   sync.Mutex
	kept map[reportKey]keptReport
}

type reportKey struct {
	insight.Period
	format string
}

type keptReport struct {
	page  web.Page
	until time.Time
}

const (
	reportFresh = time.Minute
	reportsKept = 32
)

// Make implements web.Reports.
func (r *reporter) Make(ctx context.Context, q url.Values) (web.Page, error) {
	for name := range q {
		if name != "from" && name != "to" && name != "format" {
			return web.Page{}, &web.AskedError{Text: "使えるのは from と to と format だけです。"}
		}
	}
	format := q.Get("format")
	if format == "" {
		format = "html"
	}
	if !slices.Contains(reportFormats, format) {
		return web.Page{}, &web.AskedError{Text: "format は html か csv か json です。"}
	}
	now := r.now()
	p, err := insight.ParsePeriod(q.Get("from"), q.Get("to"), now)
	if err != nil {
		return web.Page{}, &web.AskedError{Text: fmt.Sprintf(
			"期間は、終わった月を from=2026-10&to=2026-10 のように書いてください。いちばん新しいのは %s、いちどに%dか月までです。", insight.LastMonth(now), insight.MaxMonths)}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := reportKey{p, format}
	if k, ok := r.kept[key]; ok && now.Before(k.until) {
		return k.page, nil
	}
	page, err := r.page(ctx, key, now)
	if err != nil {
		return page, err
	}
	if r.kept == nil || len(r.kept) >= reportsKept {
		r.kept = map[reportKey]keptReport{}
	}
	r.kept[key] = keptReport{page, now.Add(reportFresh)}
	return page, nil
}

func (r *reporter) page(ctx context.Context, key reportKey, now time.Time) (web.Page, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	report, err := reportOf(ctx, r.store, r.content(), key.Period, now)
	if err != nil {
		return web.Page{}, err
	}
	first, err := r.store.FirstMonth(ctx)
	if err != nil {
		return web.Page{}, err
	}
	var b bytes.Buffer
	if err := writeReport(&b, report, key.format, reportLinks(key.Period, first, insight.LastMonth(now), report.Sample)); err != nil {
		return web.Page{}, err
	}
	page := web.Page{Type: map[string]string{"html": "text/html", "csv": "text/csv", "json": "application/json"}[key.format] + "; charset=utf-8", Body: b.Bytes()}
	if key.format != "html" {
		page.Name = fmt.Sprintf("tsunagu-%s-%s.%s", key.From, key.To, key.format)
	}
	return page, nil
}

// reportLinks lead from one period to the others, and to the same as a table.
func reportLinks(here insight.Period, first, last insight.Month, sample bool) []insight.Link {
	var links []insight.Link
	mark := ""
	if sample {
		mark = "（見本）"
	}
	add := func(text string, p insight.Period, format string) {
		q := url.Values{"from": {string(p.From)}, "to": {string(p.To)}}
		if format != "" {
			q.Set("format", format)
		}
		links = append(links, insight.Link{Text: text + mark, URL: "?" + q.Encode(), Here: format == "" && p == here})
	}
	if first == "" || first > last {
		return nil
	}
	for i := range 12 {
		m := last.Add(-i)
		if m < first {
			break
		}
		add(m.Ja(), insight.Period{From: m, To: m}, "")
	}
	for _, n := range []int{3, 6, 12} {
		if from := last.Add(1 - n); from >= first {
			add(fmt.Sprintf("この%dか月", n), insight.Period{From: from, To: last}, "")
		}
	}
	add("表（CSV）", here, "csv")
	add("データ（JSON）", here, "json")
	return links
}

// townNeeds gives the desk's edge what it asks about the report.
type townNeeds struct{ *service }

// Report implements slack.Town.
func (t townNeeds) Report(ctx context.Context) (sentences []string, address string, err error) {
	now := t.now()
	last := insight.LastMonth(now)
	r, err := reportOf(ctx, t.reports.store, t.bot().Content(), insight.Period{From: last, To: last}, now)
	if err != nil {
		return nil, "", err
	}
	sentences = r.Summary()
	if r.Sample {
		sentences = append([]string{"（見本です。数はつくりものです）"}, sentences...)
	}
	sentences = append(sentences, r.Decided()...)
	return sentences, t.cfg.PublicURL + "/report", nil
}

// Judge implements slack.Town. Names that slip into a reason are taken out: the
// report leaves the office.
func (t townNeeds) Judge(ctx context.Context, j insight.Judgement) (insight.Judgement, error) {
	j.Month, j.At, j.Why = insight.LastMonth(t.now()), t.now(), t.bot().Redact(j.Why)
	return j, t.store.Judge(ctx, j)
}
