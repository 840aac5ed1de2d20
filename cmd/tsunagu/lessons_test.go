package main

import (
	"bytes"
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// TestPackLessons: what staff taught comes out as lines that training reads,
// once, and not when the pack has it already.
func TestPackLessons(t *testing.T) {
	t.Parallel()
	p, err := shippedPack()
	if err != nil {
		t.Fatal(err)
	}
	key := seal.NewKey()
	sealed, err := seal.New(key)
	if err != nil {
		t.Fatal(err)
	}
	url := "sqlite:" + filepath.Join(t.TempDir(), "t.db")
	st, err := store.Open(t.Context(), store.Config{URL: url, Seal: sealed, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"保証人が\nいません\tひとりです", "ＮＯ guarantor  for me", p.Examples[0].Text, "No guarantor for me", "まだ決まっていません"}
	var lessons []lesson.Lesson
	for i, text := range texts {
		l := lesson.Lesson{ID: string(rune('a' + i)), Resident: "r-a", Text: text, Right: "guardianship", Lang: bot.Ja, State: lesson.Proposed}
		if i == 1 {
			l.Lang = bot.En
		}
		lessons = append(lessons, l)
	}
	if _, err := st.Append(t.Context(), []mailbox.Mail{{Key: "1", Lane: "r-a", At: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	leased, err := st.LeaseMail(t.Context(), "w", time.Now(), time.Minute, 1, 1)
	if err != nil || len(leased) != 1 {
		t.Fatalf("lease: %v, %v", leased, err)
	}
	turn := reception.Turn{Lease: leased[0].Lease, Done: []int64{leased[0].Mail[0].Seq}, Resident: "r-a", Number: 1, State: []byte("{}"), Lessons: lessons}
	if err := st.Commit(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	for _, l := range lessons[:4] {
		to := l
		to.State, to.Resident = lesson.Accepted, ""
		if err := st.ChangeLesson(t.Context(), l, to, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"DATABASE_URL": url, "DATA_KEY": base64.StdEncoding.EncodeToString(key)}
	var out, errs bytes.Buffer
	s := streams{out: &out, err: &errs, env: func(name string) string { return env[name] }}
	if err := packCommand(t.Context(), []string{"lessons"}, s); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	got, problems := understand.ParseExamples("examples/staff.txt", out.Bytes())
	if len(problems) > 0 || len(got) != 2 {
		t.Fatalf("printed\n%s\nread as %d examples, %v; want 2", out.String(), len(got), problems)
	}
	if e := got[0]; e.Text != "保証人が\nいません ひとりです" || e.Window != "guardianship" || e.Voice != "staff" || e.Urgent != "" {
		t.Errorf("first: got %+v", e)
	}
	if e := got[1]; e.Lang != "en" || e.Text != "ＮＯ guarantor  for me" {
		t.Errorf("second: got %+v", e)
	}
	if strings.Contains(out.String(), "まだ決まっていません") {
		t.Error("words nobody accepted were printed")
	}
	delete(env, "DATABASE_URL")
	if err := packCommand(t.Context(), []string{"lessons"}, s); err == nil || !strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("without a database: got %v, want DATABASE_URL named", err)
	}
}
