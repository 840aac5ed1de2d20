package mail

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/smtp"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// compose writes the mail. Its subject, which shows on a locked telephone,
// says no more than the number.
func compose(a reception.Alert, from string, to []string, id string, now time.Time) []byte {
	urgency := a.Urgency
	if a.Unsure {
		urgency += "（確かめが必要）"
	}
	why := "まだだれも引き受けていません。Slack で引き受けてください。"
	switch a.Why {
	case reception.AlertUntaken:
	case reception.AlertUnheeded:
		why = "担当の職員から、まだ動きがありません。Slack で相談を見て、返信か電話をしてください。"
	case reception.AlertUnshown:
		why = "Slack に届いていません。Slack が動いているか確かめ、動かないときは管理者に連絡してください。"
	}
	text := "緊急の相談 " + a.Number + " が待っています。\r\n\r\n番号： " + a.Number + "\r\n緊急の種類： " + plain(urgency) +
		"\r\n時刻： " + a.Since.In(bot.Tokyo).Format("2006-01-02 15:04") + "\r\n\r\n" + why +
		"\r\n\r\nこのメールには、ご本人のことばや名前を書いていません。返信しないでください。\r\n"
	sum := sha256.Sum256([]byte(id))
	_, domain, _ := strings.Cut(from, "@")
	header := []string{
		"From: <" + from + ">", "To: <" + strings.Join(to, ">, <") + ">",
		"Subject: " + mime.BEncoding.Encode("utf-8", "【緊急】つなぐ "+plain(a.Number)),
		"Date: " + now.Format(time.RFC1123Z), "Message-ID: <" + hex.EncodeToString(sum[:12]) + "@" + domain + ">",
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
		"Auto-Submitted: auto-generated", "X-Priority: 1", "Importance: high",
	}
	var b strings.Builder
	b.WriteString(strings.Join(header, "\r\n") + "\r\n\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(text))
	for len(body) > 76 {
		b.WriteString(body[:76] + "\r\n")
		body = body[76:]
	}
	b.WriteString(body + "\r\n")
	return []byte(b.String())
}

// plain keeps a value in its line.
func plain(s string) string { return strings.Map(unbroken, s) }

func unbroken(r rune) rune {
	if r < ' ' {
		return -1
	}
	return r
}

// errClear reports a server to which a password would go in the clear.
var errClear = errors.New("the mail server offers no STARTTLS: the password is not sent in the clear; use smtps:// or another server")

// send brings one mail to the server, or fails before ctx ends.
func (c *Client) send(ctx context.Context, message []byte) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(c.host, c.port))
	if err != nil {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			return fmt.Errorf("bound the mail's time: %w", err)
		}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // also when the process ends
	defer stop()
	s, err := c.greet(conn)
	if err != nil {
		return err
	}
	if c.user != "" {
		if err := s.Auth(smtp.PlainAuth("", c.user, c.password, c.host)); err != nil {
			return fmt.Errorf("sign in to the mail server: %w", err)
		}
	}
	if err := s.Mail(c.from); err != nil {
		return fmt.Errorf("name the sender: %w", err)
	}
	for _, to := range c.To {
		if err := s.Rcpt(to); err != nil {
			return fmt.Errorf("name the receiver: %w", err)
		}
	}
	w, err := s.Data()
	if err != nil {
		return fmt.Errorf("begin the mail: %w", err)
	}
	if _, err := w.Write(message); err != nil {
		return fmt.Errorf("write the mail: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("end the mail: %w", err)
	}
	_ = s.Quit() // the mail is taken
	return nil
}

// greet begins to talk, over TLS wherever the server can.
func (c *Client) greet(conn net.Conn) (*smtp.Client, error) {
	secure := &tls.Config{ServerName: c.host, MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		secure = c.TLS.Clone()
	}
	if c.implicit {
		conn = tls.Client(conn, secure)
	}
	s, err := smtp.NewClient(conn, c.host)
	if err != nil {
		return nil, fmt.Errorf("greet the mail server: %w", err)
	}
	if c.implicit {
		return s, nil
	}
	if ok, _ := s.Extension("STARTTLS"); ok {
		if err := s.StartTLS(secure); err != nil {
			return nil, fmt.Errorf("begin TLS with the mail server: %w", err)
		}
		return s, nil
	}
	if c.user != "" && c.host != "localhost" && !net.ParseIP(c.host).IsLoopback() {
		return nil, errClear
	}
	return s, nil
}

// Check reaches the server and signs in, without sending anything.
func (c *Client) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.Within)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(c.host, c.port))
	if err != nil {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			return fmt.Errorf("bound the check's time: %w", err)
		}
	}
	s, err := c.greet(conn)
	if err != nil {
		return err
	}
	if c.user != "" {
		if err := s.Auth(smtp.PlainAuth("", c.user, c.password, c.host)); err != nil {
			return fmt.Errorf("sign in to the mail server: %w", err)
		}
	}
	_ = s.Quit()
	return nil
}
