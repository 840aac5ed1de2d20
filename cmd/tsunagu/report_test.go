package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
	"github.com/tsunagu-chat/tsunagu/internal/web"
)

// TestReportCommand writes every form of the report of an empty database, and
// overwrites nothing.
func TestReportCommand(t *testing.T) {
	t.Parallel()
	env := map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "x.db")}
	if code, _, errs := cli(t, env, "", "report"); code != exitUsage || !strings.Contains(errs, "there is no file") {
		t.Errorf("no database: code %d, %q", code, errs)
	}
	if code, _, errs := cli(t, env, "", "migrate", "up"); code != exitOK {
		t.Fatal(errs)
	}
	env["DATA_KEY"] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
	month := insight.LastMonth(time.Now())
	code, out, errs := cli(t, env, "", "report")
	if code != exitOK || !strings.HasPrefix(out, "<!DOCTYPE html>") || !strings.Contains(out, month.Ja()+"は、まだ何も数えられていません。") {
		t.Errorf("html: code %d, %s %s", code, out, errs)
	}
	if code, out, errs = cli(t, env, "", "report", "--format", "json", "--from", string(month.Add(-2)), "--to", string(month)); code != exitOK {
		t.Fatalf("json: code %d, %s", code, errs)
	}
	var doc struct {
		Format string
		From   insight.Month
		Before *struct{ From insight.Month }
		Months []struct {
			Measures []struct{ Total struct{ N *int } }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Format != "tsunagu-report/1" || doc.From != month.Add(-2) || doc.Before != nil || len(doc.Months) != 3 || *doc.Months[0].Measures[0].Total.N != 0 {
		t.Errorf("json: %+v", doc)
	}
	file := filepath.Join(t.TempDir(), "report.csv")
	if code, out, errs := cli(t, env, "", "report", "--format", "csv", "--out", file); code != exitOK || out != "" {
		t.Fatalf("csv: code %d, %q %q", code, out, errs)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 1+len(insight.Measures) {
		t.Errorf("csv: %d rows, %v; want one a measure", len(rows), err)
	}
	if code, _, errs := cli(t, env, "", "report", "--out", file); code != exitUsage || !strings.Contains(errs, "not overwritten") {
		t.Errorf("onto a file: code %d, %q", code, errs)
	}
}

// counting counts how often it is asked.
type counting struct {
	samples
	asked int
	fails bool
}

func (c *counting) Tallies(ctx context.Context, from, to insight.Month) ([]insight.Tally, error) {
	c.asked++
	if c.fails {
		return nil, errors.New("the database is away")
	}
	return c.samples.Tallies(ctx, from, to)
}

// TestReportPage asks for the dashboard as a browser and as a stranger do.
func TestReportPage(t *testing.T) {
	t.Parallel()
	b, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, bot.Tokyo)
	made := &counting{samples: samples{b.Content, func() insight.Month { return "2026-10" }}}
	reports := &reporter{content: b.Content, store: made, now: func() time.Time { return now }}
	server, err := web.New(web.Config{
		LINE: http.NotFoundHandler(), Ready: func(context.Context) error { return nil }, Reports: reports, AdminToken: "word", Log: quiet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(from, query string, change func(*http.Request)) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/report"+query, nil)
		r.RemoteAddr = from
		if change != nil {
			change(r)
		}
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		return w
	}
	const here, away = "127.0.0.1:5", "192.0.2.1:5"
	w := ask(here, "", nil)
	page := w.Body.String()
	if w.Code != 200 || !strings.Contains(page, "2026年10月") || !strings.Contains(page, "?from=2026-09&amp;to=2026-09") || !strings.Contains(page, "くらべた期間：2026年9月") {
		t.Fatalf("from loopback: %d\n%.2000s", w.Code, page)
	}
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cache-Control": "private", "Content-Type": "text/html; charset=utf-8", "Vary": "Authorization",
	} {
		if got := w.Header().Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if ask(here, "", nil); made.asked != 1 {
		t.Errorf("asked twice in a minute, and the database %d times", made.asked)
	}
	now = now.Add(2 * time.Minute)
	if ask(here, "", nil); made.asked != 2 {
		t.Errorf("two minutes later the database was asked %d times, want 2", made.asked)
	}
	token := func(kind, value string) func(*http.Request) {
		return func(r *http.Request) {
			switch kind {
			case "basic":
				r.SetBasicAuth("anybody", value)
			case "cookie":
				r.AddCookie(&http.Cookie{Name: "token", Value: value})
			default:
				r.Header.Set("Authorization", kind+value)
			}
		}
	}
	for _, x := range []struct {
		name   string
		query  string
		change func(*http.Request)
		want   int
	}{
		{"nothing", "", nil, 401},
		{"bearer", "", token("Bearer ", "word"), 200},
		{"a wrong bearer", "", token("Bearer ", "wor"), 401},
		{"the bare word", "", token("", "word"), 401},
		{"a browser's password", "", token("basic", "word"), 200},
		{"a wrong password", "", token("basic", ""), 401},
		{"a token in the address", "?token=word", nil, 401},
		{"a token as a cookie", "", token("cookie", "word"), 401},
		{"a token in the address, beside the right one", "?token=word", token("Bearer ", "word"), 400},
		{"a day", "?from=2026-10-05", token("Bearer ", "word"), 400},
		{"a month that is not over", "?from=2026-11", token("Bearer ", "word"), 400},
		{"another form", "?format=pdf", token("Bearer ", "word"), 400},
		{"a table", "?format=csv&from=2026-08&to=2026-10", token("Bearer ", "word"), 200},
	} {
		w := ask(away, x.query, x.change)
		if w.Code != x.want {
			t.Errorf("%s: %d, want %d", x.name, w.Code, x.want)
		}
		if w.Code != 200 && strings.Contains(w.Body.String(), "まちの困りごと") {
			t.Errorf("%s: refused, and the report is there", x.name)
		}
		if w.Code == 401 && !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s: a browser would not ask for the password", x.name)
		}
	}
	if got := ask(here, "?format=csv", nil).Header().Get("Content-Disposition"); got != `attachment; filename="tsunagu-2026-10-2026-10.csv"` {
		t.Errorf("the table is saved as %q", got)
	}
	made.fails = true
	now = now.Add(time.Hour)
	if w := ask(here, "", nil); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "database") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the database is away: %d, %q", w.Code, w.Body.String())
	}
}

// TestSamplesSayTheyAre: every form of a made-up report says so.
func TestSamplesSayTheyAre(t *testing.T) {
	t.Parallel()
	b, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, bot.Tokyo)
	reports := &reporter{content: b.Content, store: samples{b.Content, func() insight.Month { return "2026-10" }}, now: func() time.Time { return now }}
	for format, want := range map[string]string{"html": "見本です。ここにある数は、すべてつくりものです。", "csv": "（見本）", "json": `"sample": true`} {
		one, err := reports.Make(t.Context(), url.Values{"format": {format}})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(one.Body), want) {
			t.Errorf("%s does not say that it is a sample", format)
		}
		again := &reporter{content: b.Content, store: reports.store, now: reports.now}
		if two, err := again.Make(t.Context(), url.Values{"format": {format}}); err != nil || string(two.Body) != string(one.Body) {
			t.Errorf("%s: the same months are made up differently (%v)", format, err)
		}
	}
}

// TestReportFromSlack: staff see the month that ended last, and what they decide
// about it stands in the page from then on, without names that slipped in.
func TestReportFromSlack(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		tanaka := townStaff[0].ID
		last := insight.LastMonth(s.town.clock.Now())
		at := time.Date(2026, 10, 5, 10, 0, 0, 0, bot.Tokyo)
		if last != "2026-10" {
			t.Fatalf("the month that ended last is %s", last)
		}
		o := &office{t: t, store: s.service.store}
		o.tally(at, 7, "housing")
		say := func(words, answer string) {
			t.Helper()
			if _, err := s.town.slack.Command(t.Context(), tanaka, townDesk, "/tsunagu", words); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			if _, err := s.town.slack.WaitEphemeral(ctx, tanaka, func(m slackapi.Message) bool { return strings.Contains(s.town.slack.Plain(m), answer) }); err != nil {
				t.Fatalf("/tsunagu %s: %v", words, err)
			}
		}
		say("report", "2026年10月に、ボットが窓口を案内した人は、のべ0人でした。職員が受けた相談は7件でした。")
		say("報告 housing たぶん", "窓口と、全市・圏域・様子のどれかが分かりませんでした")
		say("report housing 全市 山田花子さんの電話090-1234-5678で分かった。六つの圏域で増えている", "2026年10月の「住まいの相談」を「全市」として残しました")
		say("傾向", "「住まいの相談」は、全市と決まっています。")
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.service.url+"/report", nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = got.Body.Close() }()
		page, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(page), "<td>全市</td>") || !strings.Contains(string(page), "六つの圏域で増えている") || strings.Contains(string(page), "090-1234-5678") {
			t.Errorf("the page, or what it holds of the reason, is wrong:\n%.3000s", page)
		}
	})
}

// tally puts so many cases of a window into a month, through a turn of somebody.
func (o *office) tally(at time.Time, n int, window string) {
	o.t.Helper()
	b, err := shipped()
	if err != nil {
		o.t.Fatal(err)
	}
	var list []insight.Tally
	for range n {
		list = append(list, insight.OfCase(desk.Case{}, desk.Case{ID: "c", Window: window, Lang: bot.Ja, OpenedAt: at}, at, b.Content())...)
	}
	// Due in a year, so that the service does not take it first.
	if _, err := o.store.Append(o.t.Context(), []mailbox.Mail{{Key: "tally", Lane: "r-tally", Source: mailbox.FromLINE, Due: at.AddDate(1, 0, 0)}}); err != nil {
		o.t.Fatal(err)
	}
	leased, err := o.store.LeaseMail(o.t.Context(), "test", at.AddDate(2, 0, 0), time.Minute, 1, 1)
	if err != nil || len(leased) != 1 {
		o.t.Fatalf("leased %d, %v", len(leased), err)
	}
	turn := reception.Turn{Lease: leased[0].Lease, Done: []int64{leased[0].Mail[0].Seq}, Resident: leased[0].Lease.Lane, Number: 1, State: []byte("{}"), Tallies: list}
	if err := o.store.Commit(o.t.Context(), turn); err != nil {
		o.t.Fatal(err)
	}
}
