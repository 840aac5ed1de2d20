package main

import (
	"context"
	"fmt"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/mail"
)

// openMail is the second route for danger; nil when none is set.
func openMail(cfg config, o serviceOptions) (*mail.Client, error) {
	switch {
	case cfg.SMTPURL == "" && cfg.AlertEmail == "":
		return nil, nil
	case cfg.SMTPURL == "":
		return nil, wrongUsage("SMTP_URL is not set, but ALERT_EMAIL is: both make the second route for danger")
	case cfg.AlertEmail == "":
		return nil, wrongUsage("ALERT_EMAIL is not set, but SMTP_URL is: both make the second route for danger")
	}
	m, err := mail.New(mail.Config{URL: cfg.SMTPURL, To: fields(cfg.AlertEmail), TLS: o.MailTLS, Log: o.Log, Now: o.Now})
	if err != nil {
		return nil, wrongUsage("SMTP_URL, ALERT_EMAIL: %v", err)
	}
	return m, nil
}

// shown reports whether Slack has what a letter makes.
func (s *service) shown(ctx context.Context, kind, subject string) (bool, error) {
	ref, ok, err := s.store.Post(ctx, kind, subject)
	return ok && ref != "", err
}

// secondRoute checks the mail server, without sending anything, and says who
// is called when.
func (r *report) secondRoute(ctx context.Context, cfg config, content *bot.Content) {
	m, err := openMail(cfg, serviceOptions{})
	switch {
	case err != nil:
		r.line(false, "second route: "+err.Error(), "")
		return
	case m == nil:
		// It is not required, but somebody should decide so.
		r.line(true, "second route for danger: none; set SMTP_URL and ALERT_EMAIL: when Slack is down, danger must still reach somebody", "")
	default:
		err := m.Check(ctx)
		what := "second route: the mail server answers"
		if err != nil {
			what = "second route: " + err.Error()
		}
		r.line(err == nil, what, "check SMTP_URL, and that this machine may reach it")
	}
	for i, l := range content.Duty.Steps() {
		mailed := ""
		if l.Mail {
			mailed = ", and an e-mail"
		}
		ok := i == 0 || l.After > content.Duty.Steps()[i-1].After
		r.line(ok, fmt.Sprintf("danger nobody takes: after %d minutes %v is called%s", l.After, l.Call, mailed), "duty.yaml: the levels go from the shortest to the longest time")
	}
	for _, p := range content.Duty.People {
		ok := p.Role == bot.RoleStaff || p.Role == bot.RoleLead || p.Role == bot.RoleAdmin
		r.line(ok, fmt.Sprintf("duty.yaml: %s is %s", p.ID, p.Role), "role is staff, lead or admin")
	}
}
