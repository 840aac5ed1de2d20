package mail_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/mail"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/smtp"
)

var wrote = time.Date(2026, 11, 24, 23, 5, 0, 0, bot.Tokyo)

func letter(t *testing.T, a reception.Alert) mailbox.Letter {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return mailbox.Letter{ID: "r-1@2/3", Lane: "mail:c", Kind: reception.LetterAlert, Tries: 1, Body: b}
}

func open(t *testing.T, sc smtp.Config, url string, c mail.Config) (*smtp.Server, *mail.Client) {
	t.Helper()
	s, err := smtp.New(sc)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c.URL = strings.ReplaceAll(url, "ADDR", s.Addr())
	c.To = []string{"duty@example.jp", "lead@example.jp"}
	c.TLS, c.Log = s.TLS(), slog.New(slog.DiscardHandler)
	m, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s, m
}

func TestAlertArrives(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		server smtp.Config
		url    string
		from   string
		tls    bool
	}{
		"starttls": {smtp.Config{StartTLS: true, User: "desk@example.jp", Password: "p/w"}, "smtp://desk%40example.jp:p%2Fw@ADDR", "desk@example.jp", true},
		"implicit": {smtp.Config{Implicit: true}, "smtps://ADDR?from=tsunagu@example.jp", "tsunagu@example.jp", true},
		"plain":    {smtp.Config{}, "smtp://ADDR?from=tsunagu@example.jp", "tsunagu@example.jp", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, m := open(t, x.server, x.url, mail.Config{})
			if err := m.Check(t.Context()); err != nil {
				t.Fatalf("check: %v", err)
			}
			a := reception.Alert{Number: "T-ABC234", Urgency: "いのちの危険", Unsure: true, Since: wrote, Why: reception.AlertUntaken}
			if _, err := m.Carry(t.Context(), letter(t, a)); err != nil {
				t.Fatal(err)
			}
			mails := s.Mails()
			if len(mails) != 1 {
				t.Fatalf("got %d mails, want 1", len(mails))
			}
			got := mails[0]
			if got.From != x.from || strings.Join(got.To, " ") != "duty@example.jp lead@example.jp" || got.TLS != x.tls {
				t.Errorf("got %+v", got)
			}
			parsed, err := netmail.ReadMessage(strings.NewReader(got.Data))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, parsed.Body))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"T-ABC234", "いのちの危険（確かめが必要）", "2026-11-24 23:05", "まだだれも引き受けていません"} {
				if !strings.Contains(string(body), want) {
					t.Errorf("the mail does not say %q:\n%s", want, body)
				}
			}
			if id := parsed.Header.Get("Message-Id"); !strings.HasPrefix(id, "<") || strings.Contains(id, "r-1") {
				t.Errorf("got Message-ID %q", id)
			}
		})
	}
}

// TestServerInTrouble: every trouble ends in bounded time and is tried again.
func TestServerInTrouble(t *testing.T) {
	t.Parallel()
	short := mail.Config{Within: 300 * time.Millisecond}
	for name, x := range map[string]struct {
		server smtp.Config
		url    string
		refuse [2]string
		pause  bool
	}{
		"silent":         {server: smtp.Config{Silent: true}},
		"slow":           {server: smtp.Config{Delay: 200 * time.Millisecond}},
		"busy":           {refuse: [2]string{"MAIL", "451 4.3.0 later"}},
		"no such person": {refuse: [2]string{"RCPT", "550 5.1.1 unknown"}, pause: true},
		"full":           {refuse: [2]string{"END", "452 4.2.2 full"}},
		"wrong password": {server: smtp.Config{User: "a", Password: "b"}, url: "smtp://a:c@ADDR?from=a@example.jp", pause: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if x.url == "" {
				x.url = "smtp://ADDR?from=a@example.jp"
			}
			s, m := open(t, x.server, x.url, short)
			s.Refuse(x.refuse[0], x.refuse[1])
			began := time.Now()
			_, err := m.Carry(t.Context(), letter(t, reception.Alert{Number: "T-ABC234", Since: wrote}))
			var retry *mailbox.RetryError
			if !errors.As(err, &retry) || retry.Pause != x.pause {
				t.Errorf("got %v, want another try, pause %v", err, x.pause)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %v, want at most the limit", took)
			}
			if n := len(s.Mails()); n != 0 {
				t.Errorf("%d mails were taken", n)
			}
			s.Refuse(x.refuse[0], "")
		})
	}
}

func TestMailConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []mail.Config{
		{URL: "http://a", To: []string{"a@b.jp"}}, {URL: "smtp://host"}, {URL: "smtp://host", To: []string{"nobody"}},
		{URL: "smtp://u:secret@host:x", To: []string{"a@b.jp"}},
	} {
		if _, err := mail.New(c); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: got %v, want a clear error without the password", c, err)
		}
	}
	// The end of the process ends a mail under way.
	_, m := open(t, smtp.Config{Silent: true}, "smtp://ADDR?from=a@example.jp", mail.Config{Within: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := m.Carry(ctx, letter(t, reception.Alert{})); err == nil {
		t.Error("got no error")
	}
}
