package bot

import (
	"slices"
	"strings"
)

// shares reports whether a consent is in force or asked for.
func (c *CaseView) shares() bool {
	return c != nil && slices.ContainsFunc(c.Shares, func(s Shared) bool { return s.Given })
}

// consentAsked asks in plain words whether another organisation may be told:
// whom, what, and that it can be taken back.
func (t *turn) consentAsked(e ConsentAsked) {
	c := t.open(e.Case)
	if c == nil {
		return
	}
	name := t.readable(e.With)
	if w := t.c.Window(e.Window); w != nil {
		name = w.Name.In(t.s.Lang)
	}
	lines := []string{t.reply("consent.ask", "name", name)}
	if e.What != "" {
		lines = append(lines, t.reply("consent.what", "what", t.readable(e.What)))
	}
	lines = append(lines, t.reply("consent.why"), t.reply("consent.revocable"))
	c.Shares = append(c.Shares, Shared{ID: e.Consent, Name: name, Text: strings.Join(lines, "\n")})
	t.askShare(c.Shares[len(c.Shares)-1])
}

func (t *turn) askShare(s Shared) {
	buttons := t.consentButtons(s.ID)
	if len(t.c.Limits.Who) > 0 {
		buttons = append(buttons, Button{Label: t.reply("choice.limit"), Data: "limit:" + s.ID})
	}
	t.ask(AskConsent, s.ID, t.reply("consent.title"), strings.Split(s.Text, "\n"), buttons...)
}

func (t *turn) consentButtons(id string) []Button {
	return []Button{{Label: t.reply("choice.consent.yes"), Data: "consent-yes:" + id}, {Label: t.reply("choice.consent.no"), Data: "consent-no:" + id}}
}

// askConsentAgain asks once more what something else came between.
func (t *turn) askConsentAgain(id string) {
	s := t.share(id)
	t.ask(AskConsent, id, t.reply("consent.title"), []string{t.reply("consent.ask", "name", s.Name)}, t.consentButtons(id)...)
}

func (t *turn) share(id string) *Shared {
	if t.s.Case == nil {
		return nil
	}
	i := slices.IndexFunc(t.s.Case.Shares, func(s Shared) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &t.s.Case.Shares[i]
}

func (t *turn) consentYes(id string) {
	s := t.share(id)
	if s == nil || s.Given {
		t.stale()
		return
	}
	s.Given = true
	t.endQuestion(AskConsent)
	t.do(Answer{Case: t.s.Case.ID, To: ToConsent, ID: id, Says: SaysYes, Text: s.Text, Version: t.c.Version})
	t.say("consent.yes", "name", s.Name)
	t.askNext()
	t.choices(t.choice("choice.revoke", "revoke"))
}

// consentNo is theirs and needs no reason. A yes given before ends with it.
func (t *turn) consentNo(id string) {
	s := t.share(id)
	if s == nil {
		t.stale()
		return
	}
	t.endQuestion(AskConsent)
	t.do(Answer{Case: t.s.Case.ID, To: ToConsent, ID: id, Says: SaysNo, Text: s.Text, Version: t.c.Version})
	t.say("consent.no", "name", s.Name)
	t.s.Case.Shares = slices.DeleteFunc(t.s.Case.Shares, func(x Shared) bool { return x.ID == id })
	t.askNext()
}

// revoke ends all sharing, at any time, by words or by button.
func (t *turn) revoke(string) {
	t.forgetCommand()
	c := t.s.Case
	if c == nil {
		c = t.s.Past // what was shared in a case that is over can be ended too
	}
	if c == nil || len(c.Shares) == 0 {
		t.say("consent.none")
		return
	}
	c.Shares = nil
	if c.Offer != nil && c.Offer.Outside && c.Offer.Agreed {
		c.Offer = nil // nobody takes over who may not be told
	}
	t.endQuestion(AskConsent)
	t.do(Answer{Case: c.ID, To: ToConsent, Says: SaysRevoke, Version: t.c.Version})
	if t.in.Away {
		t.say("consent.revoked.away")
	} else {
		t.say("consent.revoked")
	}
}
