package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/disclosure"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// operator runs a command beside the running service.
func (s *stage) operator(args ...string) (code int, said string) {
	s.t.Helper()
	cfg := s.service.cfg
	code, out, errs := cli(s.t, map[string]string{
		"DATABASE_URL": cfg.DatabaseURL, "REDIS_URL": cfg.RedisURL, "DATA_KEY": cfg.DataKeys, "INTENTS_DIR": cfg.IntentsDir,
	}, "", args...)
	if strings.Contains(out+errs, s.user) {
		s.t.Errorf("%s prints the LINE user id", args[0])
	}
	return code, out + errs
}

// allOfSlack is everything that anybody can read there and that we posted.
// What people wrote themselves only they can delete.
func (s *stage) allOfSlack() string {
	var b strings.Builder
	for _, channel := range []string{townDesk, townUrgent} {
		for _, m := range s.town.slack.Messages(channel) {
			if m.BotID == "" {
				continue
			}
			b.WriteString(s.town.slack.Plain(m) + "\n")
			raw, err := json.Marshal(m)
			if err != nil {
				s.t.Fatal(err)
			}
			b.Write(raw)
			for _, f := range m.Files {
				if _, content, ok := s.town.slack.FileContent(f.ID); ok {
					b.Write(content)
				}
			}
		}
	}
	for _, m := range townStaff {
		if v, ok := s.town.slack.Home(m.ID); ok {
			b.WriteString(s.town.slack.PlainView(v))
		}
	}
	return b.String()
}

// aLife is a case with everything that can be in one.
const aLife = opening + `
> 弟も困っています

> [photo]

= 田中 replies 会ってお話ししませんか

= 田中 sends answer.pdf 申請書です

= 田中 plans 電気をとめない／staff:電力会社に電話する@2026-11-30

> [tap はい、これで]

= 田中 notes 内々のメモです
`

func (s *stage) neighbour(words string) (user string, c desk.Case) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), within)
	defer cancel()
	user, err := s.town.line.AddUser(lineapi.User{Name: "隣人"})
	if err != nil {
		s.t.Fatal(err)
	}
	from := lineapi.Person(user)
	if _, err := s.town.line.Deliver(ctx, s.town.line.Message(from, lineapi.Text{Text: words})); err != nil {
		s.t.Fatal(err)
	}
	for _, label := range []string{"LINEで職員に話す", "はい、伝えてください"} {
		err := until(ctx, func() bool { _, err := s.town.line.TapLabel(ctx, from, label); return err == nil })
		if err != nil {
			s.t.Fatalf("tap %s: %v", label, err)
		}
	}
	err = until(ctx, func() bool {
		c, err = s.service.store.OpenCaseOf(ctx, s.service.store.Pseudonym(user))
		return err == nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.service.drained(ctx, within)
	return user, c
}

// TestAResidentsData: given to them, then erased, everywhere.
func TestAResidentsData(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		ctx, tanaka := t.Context(), townStaff[0].ID
		if err := s.town.slack.OpenHome(tanaka); err != nil {
			t.Fatal(err)
		}
		s.acts(aLife)
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		resident := s.service.store.Pseudonym(s.user)
		c, err := s.service.store.OpenCaseOf(ctx, resident)
		if err != nil {
			t.Fatal(err)
		}
		other, theirs := s.neighbour("家賃が払えなくて困っています")
		s.service.drained(ctx, within)

		s.exported(c.Number(), theirs.Number())

		if code, said := s.operator("erase", s.user, "--dry-run"); code != exitOK || !strings.Contains(said, c.Number()) || !strings.Contains(said, "nothing was erased") {
			t.Errorf("dry run: code %d, said %s", code, said)
		}
		if code, said := s.operator("erase", s.user, "--by", "山田"); code != exitUsage || !strings.Contains(said, "--yes") {
			t.Errorf("with nobody to ask: code %d, said %s", code, said)
		}
		if !strings.Contains(s.allOfSlack(), "電気代") || !strings.Contains(s.allOfSlack(), "PNG") {
			t.Fatal("Slack shows nothing yet: nothing is tested")
		}
		code, said := s.operator("erase", c.Number(), "--by", "山田", "--yes", "--tell", "--wait", "20s")
		if code != exitOK || !strings.Contains(said, "taken out of Slack and Redis") {
			t.Fatalf("erase: code %d, said %s\n%s", code, said, s.slackNow())
		}
		s.service.drained(ctx, within)
		// The homes follow a moment later.
		if err := until(ctx, func() bool { return !strings.Contains(s.allOfSlack(), c.Number()) }); err != nil {
			t.Fatal(err)
		}
		s.nothingLeft(resident, c, "電気代", "弟も", "会ってお話", "申請書です", "電力会社", "内々のメモ", c.Number(), "\x89PNG")
		if phone := s.phone(s.user); !strings.Contains(phone, "お預かりしていた記録を消しました") {
			t.Errorf("the resident was not told:\n%s", phone)
		}
		// Staff had put a file into the thread themselves: the card says what they
		// must do.
		if m, ok := s.town.slack.Message(card.Channel, card.TS); !ok || !strings.Contains(s.town.slack.Plain(m), "書いた人が消してください") {
			t.Errorf("the thread that staff wrote in shows %q, %v", s.town.slack.Plain(m), ok)
		}
		if _, err := s.service.store.Case(ctx, theirs.ID); err != nil || !strings.Contains(s.allOfSlack(), theirs.Number()) {
			t.Errorf("the neighbour's case: %v\n%s", err, s.slackNow())
		}

		// Asked again, by any name, and after all this nobody comes back.
		for _, name := range []string{s.user, resident, c.Number()} {
			if code, said := s.operator("erase", name, "--by", "山田", "--yes"); code != exitOK || !strings.Contains(said, "erased already") {
				t.Errorf("again: code %d, said %s", code, said)
			}
			if code, said := s.operator("export", name); code != exitFailed || !strings.Contains(said, "nothing is kept") {
				t.Errorf("export after erasing: code %d, said %s", code, said)
			}
		}
		if code, said := s.operator("erase", "--list"); code != exitOK || !strings.Contains(said, "山田") || strings.Contains(said, resident) || strings.Contains(said, c.Number()) {
			t.Errorf("the list: code %d, said %s", code, said)
		}
		if _, err := s.town.line.Redeliver(ctx, s.last...); err != nil {
			t.Fatal(err)
		}
		// A thread whose card is younger could be one not recorded yet.
		s.service.moveClock(s.town.clock, s.town.clock.Now().Add(10*time.Minute))
		if _, err := s.town.slack.Post(tanaka, card.Channel, card.TS, ">> まだいますか"); err != nil {
			t.Fatal(err)
		}
		if err := s.town.slack.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		s.late(resident, c)
		s.nothingLeft(resident, c, "電気代", "弟も", "会ってお話")
		before := s.phone(s.user)
		if strings.Contains(before, "まだいますか") {
			t.Error("a reply reached somebody who was erased")
		}
		// Who comes back is a stranger.
		s.sees(s.user, func(ctx context.Context) error {
			_, err := s.town.line.Deliver(ctx, s.town.line.Message(lineapi.Person(s.user), lineapi.Text{Text: "こんにちは"}))
			return err
		}, "")
		s.service.drained(ctx, within)
		if r, err := s.service.store.Resident(ctx, resident); err != nil || r.Number != 1 {
			t.Errorf("who came back has turn %d, %v; want 1", r.Number, err)
		}
		_ = other
	})
}

// exported checks the record in both forms.
func (s *stage) exported(number, theirs string) {
	s.t.Helper()
	t := s.t
	code, said := s.operator("export", number)
	var r disclosure.Record
	if err := json.Unmarshal([]byte(said), &r); code != exitOK || err != nil {
		t.Fatalf("export: code %d, %v, said %s", code, err, said)
	}
	for _, want := range []string{"電気代", "弟も困って", "会ってお話ししませんか", "電力会社に電話する", "電気をとめない"} {
		if !strings.Contains(said, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
	for _, never := range []string{"内々のメモ", theirs, "家賃が払えなくて"} {
		if strings.Contains(said, never) {
			t.Errorf("the record tells %q", never)
		}
	}
	if len(r.Files) != 2 || r.Files[0].Path != "" || r.Cases[0].Plan == nil || r.Cases[0].Plan.Agreed == nil {
		t.Errorf("the record: %s", said)
	}
	if code, said := s.operator("export", number, "--with-memos"); code != exitOK || !strings.Contains(said, "内々のメモ") {
		t.Errorf("with memos: code %d", code)
	}
	dir := filepath.Join(t.TempDir(), "record")
	if code, said := s.operator("export", s.user, "--out", dir); code != exitOK {
		t.Fatalf("into a folder: code %d, said %s", code, said)
	}
	var found []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", path, info.Mode())
		}
		if !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			found = append(found, filepath.ToSlash(rel))
		}
		return err
	})
	if want := "files/001.png files/002.pdf record.html record.json"; err != nil || strings.Join(found, " ") != want {
		t.Errorf("the folder has %v, %v; want %s", found, err, want)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "files/001.png")); err != nil || !bytes.Equal(b, onePixel) {
		t.Errorf("the photo: %d bytes, %v", len(b), err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "record.html")); err != nil || !strings.Contains(string(b), "電気代") || !strings.Contains(string(b), "files/001.png") {
		t.Errorf("the page: %v", err)
	}
	if code, said := s.operator("export", s.user, "--out", dir); code != exitUsage || !strings.Contains(said, "not overwritten") {
		t.Errorf("over a folder: code %d, said %s", code, said)
	}
	file := filepath.Join(t.TempDir(), "record.zip")
	if code, said := s.operator("export", s.user, "--out", file); code != exitOK {
		t.Fatalf("into a zip: code %d, said %s", code, said)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	f, err := z.Open("record.json")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(f); err != nil || !strings.Contains(string(b), `"files/002.pdf"`) {
		t.Errorf("the zip's record: %v", err)
	}
	if at, err := os.Stat(file); err != nil || at.Mode().Perm() != 0o600 {
		t.Errorf("the zip: %v, %v; want 0600", at.Mode(), err)
	}
}

// nothingLeft looks everywhere for words of somebody who was erased.
func (s *stage) nothingLeft(resident string, c desk.Case, words ...string) {
	s.t.Helper()
	ctx := s.t.Context()
	if _, err := s.service.store.Export(ctx, resident); !errors.Is(err, reception.ErrNotFound) {
		s.t.Errorf("the database still knows them: %v", err)
	}
	if _, err := s.service.store.Case(ctx, c.ID); !errors.Is(err, reception.ErrNotFound) {
		s.t.Errorf("the database still has the case: %v", err)
	}
	if _, state, ok, _ := s.service.session.Load(ctx, resident); ok {
		s.t.Errorf("Redis still has %d bytes", len(state))
	}
	slack := s.allOfSlack()
	for _, w := range words {
		if strings.Contains(slack, w) {
			s.t.Errorf("Slack still shows %q\n%s", w, s.slackNow())
		}
	}
}

// late brings what was on its way from Slack and from the clock when their case
// was erased: nothing comes of it.
func (s *stage) late(resident string, c desk.Case) {
	s.t.Helper()
	ctx := s.t.Context()
	cmd := desk.Command{ID: "late", Case: c.ID, By: desk.Staff{ID: "U0TANAKA00", Name: "田中"}, At: s.town.clock.Now(), Action: desk.Reply{Text: "遅れた返事"}}
	body, err := cmd.Encode()
	if err != nil {
		s.t.Fatal(err)
	}
	alarm := []byte(`{"alarm":{"kind":"next","case":"` + c.ID + `","at":"2026-11-24T10:00:00Z"}}`)
	for _, m := range []struct {
		key  string
		from string
		body []byte
	}{{"slack:late", "slack", body}, {"time:late", "time", alarm}} {
		if _, err := (wakeful{s.service.service}).Append(ctx, mailOf(m.key, resident, m.from, m.body)); err != nil {
			s.t.Fatal(err)
		}
	}
	s.service.drained(ctx, within)
	if b, err := s.service.store.Backlog(ctx); err != nil || b.Parked != 0 || b.Mail != 0 {
		s.t.Errorf("what came late: %+v, %v; want it done with", b, err)
	}
}

// TestErasedWhileSlackIsAway: killed right after the database was done, with
// Slack away. The second run finishes, by the case's number.
func TestErasedWhileSlackIsAway(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening)
		ctx := t.Context()
		resident := s.service.store.Pseudonym(s.user)
		c, err := s.service.store.OpenCaseOf(ctx, resident)
		if err != nil {
			t.Fatal(err)
		}
		s.service.drained(ctx, within)
		s.town.slack.Fail(slackapi.Failure{Method: "chat.delete", Kind: slackapi.FailStatus, Times: 2})
		if _, err := s.service.store.Erase(ctx, resident, store.Wish{By: "山田"}); err != nil { // and then the command is killed
			t.Fatal(err)
		}
		if code, said := s.operator("erase", c.Number(), "--by", "山田", "--yes", "--wait", "0s"); code != exitFailed || !strings.Contains(said, "still wait") {
			t.Logf("at once: code %d, said %s", code, said) // the service may have been faster
		}
		code, said := s.operator("erase", c.Number(), "--by", "山田", "--yes", "--wait", "20s")
		if code != exitOK {
			t.Fatalf("the second run: code %d, said %s", code, said)
		}
		s.nothingLeft(resident, c, "電気代", c.Number())
		if len(s.town.slack.Messages(townDesk)) != 0 {
			t.Errorf("nobody wrote in the thread: the card should be gone\n%s", s.slackNow())
		}
	})
}

// TestErasedDuringATurn: they write on while they are erased. Whatever comes
// first, no case and no words of before come back.
func TestErasedDuringATurn(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening)
		ctx := t.Context()
		resident := s.service.store.Pseudonym(s.user)
		c, err := s.service.store.OpenCaseOf(ctx, resident)
		if err != nil {
			t.Fatal(err)
		}
		from := lineapi.Person(s.user)
		done, begun := make(chan error, 1), make(chan struct{})
		go func() {
			var err error
			for i := range 12 {
				if i == 3 {
					close(begun)
				}
				_, e := s.town.line.Deliver(ctx, s.town.line.Message(from, lineapi.Text{Text: "ありがとうございます、待っています"}), s.town.line.Message(from, lineapi.Image{Data: onePixel}))
				err = errors.Join(err, e)
			}
			done <- err
		}()
		<-begun
		code, said := s.operator("erase", c.Number(), "--by", "山田", "--yes", "--wait", "20s")
		if err := <-done; err != nil || code != exitOK {
			t.Fatalf("erase: code %d, said %s; writing: %v", code, said, err)
		}
		s.service.drained(ctx, within)
		if _, err := s.service.store.Case(ctx, c.ID); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("the case came back: %v", err)
		}
		if slack := s.allOfSlack(); strings.Contains(slack, "電気代") || strings.Contains(slack, c.Number()) {
			t.Errorf("Slack shows the case again:\n%s", s.slackNow())
		}
		r, err := s.service.store.Resident(ctx, resident)
		if err != nil {
			t.Fatal(err)
		}
		var state bot.State
		if r.Number > 0 {
			if err := json.Unmarshal(r.State, &state); err != nil {
				t.Fatal(err)
			}
		}
		if state.Case != nil || state.Past != nil {
			t.Errorf("the stranger has a case: %+v", state)
		}
	})
}

// TestDangerHoldsTheCommand: who may be looked for is not erased by mistake.
func TestDangerHoldsTheCommand(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	ctx := t.Context()
	if _, err := s.town.line.Deliver(ctx, s.town.line.Message(lineapi.Person(s.user), lineapi.Text{Text: "もう死にたい"})); err != nil {
		t.Fatal(err)
	}
	s.service.drained(ctx, within)
	code, said := s.operator("erase", s.user, "--by", "山田", "--yes")
	if code != exitFailed || !strings.Contains(said, "--force") || !strings.Contains(said, "T-") {
		t.Errorf("code %d, said %s; want it refused with the reason", code, said)
	}
	if code, said := s.operator("erase", s.user, "--by", "山田", "--yes", "--force", "--wait", "20s"); code != exitOK {
		t.Errorf("forced: code %d, said %s", code, said)
	}
	if code, said := s.operator("erase", "--list"); code != exitOK || !strings.Contains(said, "forced") {
		t.Errorf("the list: code %d, said %s", code, said)
	}
}

// TestPersonUsage: what is wrong is said in one line, and a LINE user id never.
func TestPersonUsage(t *testing.T) {
	t.Parallel()
	db := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	env := map[string]string{"DATABASE_URL": db}
	if code, _, errs := cli(t, env, "", "migrate"); code != exitOK {
		t.Fatal(errs)
	}
	if _, err := keyBeside(db); err != nil {
		t.Fatal(err)
	}
	const user = "Uffffffffffffffffffffffffffffffff"
	for _, c := range []struct {
		args []string
		env  map[string]string
		code int
		says string
	}{
		{[]string{"export"}, env, exitUsage, "RESIDENT is missing"},
		{[]string{"erase", "--by", "x"}, env, exitUsage, "RESIDENT is missing"},
		{[]string{"export", user, user}, env, exitUsage, "one RESIDENT"},
		{[]string{"export", user + "0"}, env, exitUsage, "neither"},
		{[]string{"export", "T-000000"}, env, exitUsage, "neither"},
		{[]string{"erase", user}, env, exitUsage, "--by"},
		{[]string{"export", user}, nil, exitUsage, "DATABASE_URL"},
		{[]string{"export", user}, map[string]string{"DATABASE_URL": "sqlite:/no/such/x.db"}, exitUsage, "there is no file"},
		{[]string{"export", user}, map[string]string{"DATABASE_URL": db, "DATA_KEY": "short"}, exitUsage, "DATA_KEY"},
		{[]string{"export", user}, map[string]string{"DATABASE_URL": "postgres://x/y"}, exitUsage, "DATA_KEY"},
		{[]string{"export", user}, env, exitFailed, "nothing is kept"},
		{[]string{"export", "t-abc234"}, env, exitFailed, "nothing is kept"},
		{[]string{"erase", user, "--by", "x", "--yes"}, env, exitFailed, "nothing is kept"},
		{[]string{"erase", user, "--dry-run"}, env, exitFailed, "nothing is kept"},
		{[]string{"export", user, "--out", t.TempDir()}, env, exitUsage, "not overwritten"},
		{[]string{"migrate", "reseal"}, map[string]string{"DATABASE_URL": "sqlite:/no/such/x.db"}, exitUsage, "there is no file"},
	} {
		code, out, errs := cli(t, c.env, "", c.args...)
		if code != c.code || !strings.Contains(errs, c.says) || out != "" || strings.Count(errs, "\n") != 1 || strings.Contains(errs, user) {
			t.Errorf("%v: code %d, said %q; want %d and one line with %q", c.args[:1], code, out+errs, c.code, c.says)
		}
	}
	if _, err := os.Stat("/no/such/x.db"); err == nil {
		t.Error("a database was made")
	}
	if err := confirmed(strings.NewReader("yes\n")); err == nil {
		t.Error("confirmed by another word")
	}
	if err := confirmed(strings.NewReader("erase\n")); err != nil {
		t.Error(err)
	}
}

// TestReseal changes the key as docs/operations.md says.
func TestReseal(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	s.acts(opening)
	old := s.service.cfg.DataKeys
	fresh := "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
	command := func(key string, args ...string) (int, string) {
		code, out, errs := cli(t, map[string]string{"DATABASE_URL": s.service.cfg.DatabaseURL, "DATA_KEY": key}, "", args...)
		return code, out + errs
	}
	if code, said := command(fresh, "migrate", "reseal"); code != exitUsage || !strings.Contains(said, "DATA_KEY") {
		t.Errorf("with the new key alone: code %d, said %s", code, said)
	}
	if code, said := command(fresh+","+old, "migrate", "reseal"); code != exitOK || strings.Contains(said, "sealed 0 ") {
		t.Errorf("code %d, said %s", code, said)
	}
	if code, said := command(fresh+","+old, "migrate", "reseal"); code != exitOK || !strings.Contains(said, "sealed 0 ") {
		t.Errorf("again: code %d, said %s", code, said)
	}
	if code, said := command(fresh, "export", s.user); code != exitOK || !strings.Contains(said, "電気代") {
		t.Errorf("with the new key alone, afterwards: code %d", code)
	}
}

func mailOf(key, lane, source string, body []byte) []mailbox.Mail {
	return []mailbox.Mail{{Key: key, Lane: lane, Source: mailbox.Source(source), At: time.Now(), Body: body}}
}
