package slack

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// Least content in Slack: the pack can have words masked in card and thread,
// and taken out some days after a case's end. 「表示する」 shows them in a modal,
// which Slack does not keep. What staff themselves typed into a thread stays,
// because an app cannot delete what people wrote: see typed.go.

// actUnveil opens the words.
const actUnveil = "unveil"

var (
	mailLike  = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	digitLike = regexp.MustCompile(`[+＋]?[0-9０-９](?:[ 　()（）.\-ー−‐–]?[0-9０-９]){6,}`)
)

// maskNumbers is what is masked when nothing better is there: e-mail addresses
// and numbers as long as a telephone's or a postal code's.
func maskNumbers(s string) string {
	return digitLike.ReplaceAllString(mailLike.ReplaceAllString(s, "＊＊＊"), "＊＊＊")
}

// masks reports whether the pack wants words masked.
func (c *Client) masks() bool { return c.cfg.Content().City.Slack.Mask }

func (c *Client) mask(s string) string {
	if c.cfg.Mask != nil {
		return c.cfg.Mask(s)
	}
	return maskNumbers(s)
}

// veil is a case as the chat may show it.
func (c *Client) veil(cs desk.Case) desk.Case {
	change := c.mask
	switch {
	case cs.Redacted():
		change = func(string) string { return "" }
		cs.Plan, cs.Asked, cs.Next, cs.Tags = nil, nil, nil, nil
	case !c.masks():
		return cs
	}
	cs.Summary, cs.Gloss, cs.About, cs.Where = change(cs.Summary), change(cs.Gloss), change(cs.About), change(cs.Where)
	cs.Wish, cs.Limits = change(cs.Wish), slices.Clone(cs.Limits)
	for i := range cs.Limits {
		cs.Limits[i].Words = change(cs.Limits[i].Words)
	}
	cs.Plan, cs.Asked = veilPlan(cs.Plan, change), veilPlan(cs.Asked, change)
	cs.Tags, cs.Team, cs.Moves, cs.Consents = slices.Clone(cs.Tags), slices.Clone(cs.Team), slices.Clone(cs.Moves), slices.Clone(cs.Consents)
	for i := range cs.Tags {
		cs.Tags[i] = change(cs.Tags[i])
	}
	for i := range cs.Team {
		cs.Team[i].Does = change(cs.Team[i].Does)
	}
	for i := range cs.Moves {
		cs.Moves[i].Why = change(cs.Moves[i].Why)
	}
	for i := range cs.Consents {
		cs.Consents[i].What = change(cs.Consents[i].What)
	}
	if cs.Next != nil {
		next := *cs.Next
		next.Text, cs.Next = change(next.Text), &next
	}
	if cs.Offer != nil {
		offer := *cs.Offer
		offer.Why, cs.Offer = change(offer.Why), &offer
	}
	if cs.Rating != nil {
		rating := *cs.Rating
		rating.Words, cs.Rating = change(rating.Words), &rating
	}
	return cs
}

func veilPlan(p *bot.Plan, change func(string) string) *bot.Plan {
	if p == nil {
		return nil
	}
	copied := *p
	copied.Goal, copied.Steps = change(p.Goal), slices.Clone(p.Steps)
	for i := range copied.Steps {
		copied.Steps[i].Text = change(copied.Steps[i].Text)
	}
	return &copied
}

// veilEntry is an entry as the chat may show it. A note's window ids hold
// nothing to mask.
func (c *Client) veilEntry(cs desk.Case, e desk.Entry) desk.Entry {
	switch {
	case e.Note == desk.NoteUntaken || e.Note == desk.NoteRests || e.Note == desk.NoteUnanswered: // whom to call, and when: none of it is the resident's
	case cs.Redacted():
		e.Text = ""
	case e.Note == desk.NotePerson:
		if id, rest, _ := strings.Cut(e.Text, "\n"); c.masks() {
			name, word, _ := strings.Cut(rest, "\n")
			e.Text = id + "\n" + name + "\n" + c.mask(word)
		}
	case c.masks():
		e.Text = c.mask(e.Text)
	}
	return e
}

// cardOf is a case's card as the chat may show it.
func (c *Client) cardOf(cs desk.Case, entries []desk.Entry, ring bool, free string) post {
	veiled := make([]desk.Entry, len(entries))
	for i, e := range entries {
		veiled[i] = c.veilEntry(cs, e)
	}
	p := card(c.veil(cs), veiled, c.cfg.Content(), ring, free)
	if cs.Redacted() {
		p.add(hint("終了から日がたったので、ことばをこの画面から消しました。"))
	}
	if cs.Redacted() || c.masks() {
		p.add(sdk.NewActionBlock("", pressed(actUnveil, "ことばを表示する", aboutCase(cs))))
	}
	return p
}

// lineOf is a line of the thread as the chat may show it.
func (c *Client) lineOf(cs desk.Case, e desk.Entry, d delivery) post {
	if cs.Redacted() && e.Kind != desk.FromBot && !e.Unsent {
		who := "ご本人"
		if e.Kind != desk.FromResident {
			who = oneLine(e.By.Name, maxName)
		}
		p := post{text: cs.Number() + "　（ことばを消しました）"}
		p.add(hint("（終了から日がたったので、ことばを消しました）　" + who + "　" + when(e.At)))
		return p
	}
	return entry(c.veil(cs), c.veilEntry(cs, e), d, c.cfg.Content())
}

// maxUnveiled bounds the words in one modal, in characters.
const maxUnveiled = 24000

// unveilModal shows the words of a case.
func unveilModal(a about, cs desk.Case, entries []desk.Entry) sdk.ModalViewRequest {
	var lines []string
	if !blank(cs.Summary) {
		lines = append(lines, cs.Summary)
	}
	for _, e := range entries {
		if e.Unsent || blank(e.Text) || e.Kind == desk.FromBot || e.Kind == desk.FromResident && strings.Contains(cs.Summary, strings.TrimSpace(e.Text)) {
			continue
		}
		who := "ご本人"
		if e.Kind != desk.FromResident {
			who = oneLine(e.By.Name, maxName)
		}
		lines = append(lines, "── "+who+"　"+when(e.At), e.Text)
	}
	words, cut := quote(strings.Join(lines, "\n"), maxUnveiled)
	blocks := []sdk.Block{hint(a.Number + "　この画面は Slack に残りません。必要なときだけ開いてください。")}
	if len(words) == 0 {
		words = []sdk.Block{hint("ことばは、まだありません。")}
	}
	blocks = append(blocks, words[:min(len(words), 95)]...)
	if cut || len(words) > 95 {
		blocks = append(blocks, hint("長いため、途中までです。"))
	}
	return modal(actUnveil, "ことばを見る", "", "閉じる", a, blocks)
}

// unveil reads the words for the modal.
func (c *Client) unveil(ctx context.Context, a about, cs desk.Case) (sdk.ModalViewRequest, error) {
	entries, err := c.cfg.Store.Entries(ctx, a.Case)
	if err != nil {
		return sdk.ModalViewRequest{}, fmt.Errorf("read entries: %w", err)
	}
	return unveilModal(a, cs, entries), nil
}
