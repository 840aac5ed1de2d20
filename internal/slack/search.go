package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"golang.org/x/text/unicode/norm"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

const (
	viewSearch  = "search"
	maxFound    = 10
	maxSearched = 1000
	searchBack  = 180 * 24 * time.Hour
	maxThreads  = 300             // whose entries are read
	readThreads = 2 * time.Second // for all of them
)

// matches looks for all words in what is known of a case: number, window,
// town, people, tags, the resident's words, and what else was said.
func (c *Client) matches(cs desk.Case, said, words []string) bool {
	text := fold(strings.Join(slices.Concat([]string{
		cs.Number(), windowName(c.cfg.Content(), cs.Window), cs.Town, cs.Holder.Name, cs.Summary, cs.Gloss, cs.About, cs.Where,
		dangerName(c.cfg.Content(), cs.Danger),
	}, cs.Tags, said), "\n"))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// onlyNumber is the number when nothing else was typed; words are looked for.
func onlyNumber(s string) string {
	s = strings.TrimSpace(norm.NFKC.String(s))
	if strings.IndexFunc(s, func(r rune) bool { return r > 0x7F || r == ' ' }) >= 0 || !strings.ContainsAny(s, "-23456789") && len(s) != 6 {
		return ""
	}
	return numberOf(s)
}

func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// hits are the cases found, newest first.
type hits struct {
	cases []desk.Case
	more  bool // there are more than are shown
	early bool // not everything was looked at
}

// search looks through the cases of half a year that the person may see: what
// cards show of them first, which is at hand, then what was said in the
// threads. That is sealed, and read case by case: the newest, for a while.
func (c *Client) search(ctx context.Context, user, text string) (hits, error) {
	words := strings.Fields(fold(text))
	if c.cfg.Board == nil || len(words) == 0 {
		return hits{}, nil
	}
	reading, cancel := context.WithTimeout(ctx, readThreads)
	defer cancel()
	if end, ok := ctx.Deadline(); ok {
		reading, cancel = context.WithDeadline(reading, end.Add(-readThreads/5)) // time to answer
		defer cancel()
	}
	cases, err := c.cfg.Board.RecentCases(ctx, c.cfg.Now().Add(-searchBack), maxSearched)
	if err != nil {
		return hits{}, fmt.Errorf("search cases: %w", err)
	}
	h := hits{early: len(cases) == maxSearched}
	sight := c.sightOf(user)
	var rest []desk.Case
	for _, cs := range cases {
		if !c.matches(cs, nil, words) {
			rest = append(rest, cs)
			continue
		}
		if err := h.add(ctx, sight, cs); err != nil {
			return hits{}, err
		}
		if h.more {
			return h, nil
		}
	}
	read := 0
	for _, cs := range rest {
		ok, err := sight.sees(ctx, cs)
		if err != nil {
			return hits{}, err
		}
		if !ok {
			continue
		}
		if read++; read > maxThreads {
			h.early = true
			break
		}
		said, err := c.said(reading, cs.ID)
		if err != nil { // what was found already is worth more than nothing
			c.cfg.Log.WarnContext(ctx, "threads not searched to the end", "err", err)
			h.early = true
			break
		}
		if c.matches(cs, said, words) {
			if err := h.add(ctx, sight, cs); err != nil {
				return hits{}, err
			}
		}
		if h.more {
			break
		}
	}
	slices.SortStableFunc(h.cases, func(a, b desk.Case) int { return b.OpenedAt.Compare(a.OpenedAt) })
	return h, nil
}

// add keeps a case that the person may see.
func (h *hits) add(ctx context.Context, sight *sight, cs desk.Case) error {
	ok, err := sight.sees(ctx, cs)
	switch {
	case !ok || err != nil:
		return err
	case len(h.cases) == maxFound:
		h.more = true
	default:
		h.cases = append(h.cases, cs)
	}
	return nil
}

// said is what resident and staff wrote in a case, without what was taken back.
func (c *Client) said(ctx context.Context, caseID string) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := c.cfg.Store.Entries(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	var out []string
	for _, e := range entries {
		if !e.Unsent && e.Kind != desk.FromBot {
			out = append(out, e.Text)
		}
	}
	return out, nil
}

// findText answers a search for words. What stands in cases that the person
// may not see is not even counted.
func (c *Client) findText(ctx context.Context, user, text string) string {
	if blank(text) {
		return "番号を書いてください。ことばでもさがせます。例： `/tsunagu find T-ABC234`　`/tsunagu find 電気代 柏町`"
	}
	if c.cfg.Board == nil {
		return "番号を書いてください。例： `/tsunagu find T-ABC234`"
	}
	found, err := c.search(ctx, user, text)
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "search for words failed", "err", err)
		return noteNotNow
	}
	var lines []string
	for _, cs := range found.cases {
		lines = append(lines, c.caseLine(ctx, cs, c.cfg.Now()))
	}
	if len(lines) == 0 {
		lines = append(lines, "見つかりませんでした。ほかのことばか、番号でためしてください。")
	}
	if found.more {
		lines = append(lines, fmt.Sprintf("ほかにもあります。%d件だけを出しました。", maxFound))
	} else if found.early {
		lines = append(lines, noteEarly)
	}
	return strings.Join(lines, "\n")
}

const noteEarly = "全部は見られませんでした。新しい相談から、見られるところまでさがしました。古い相談は、番号でさがしてください。"

func searchModal(result string) sdk.ModalViewRequest {
	view := sdk.ModalViewRequest{
		Type: sdk.VTModal, CallbackID: viewSearch, Title: plainText("相談をさがす"), Submit: plainText("さがす"), Close: plainText("閉じる"),
		Blocks: sdk.Blocks{BlockSet: []sdk.Block{line(inputText, "番号か、ことば", "半年のうちの、あなたのチームの相談の、カードと、ご本人とのやりとりと、メモからさがします。", "", 100, false)}},
	}
	if result != "" {
		view.Blocks.BlockSet = append(append(view.Blocks.BlockSet, sdk.NewDividerBlock()), paragraphs(strings.Split(result, "\n"))...)
	}
	return view
}

// openSearch opens the search from the home.
func (c *Client) openSearch(ctx context.Context, i *interaction) answer {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	if _, err := c.sdk.OpenViewContext(ctx, i.TriggerID, searchModal("")); err != nil {
		c.cfg.Count("views.open", sortError(err).code)
	}
	return fine
}

// searched shows what was found in the same modal.
func (c *Client) searched(ctx context.Context, i *interaction) answer {
	result, err := within(ctx, c, func(ctx context.Context) (string, error) {
		text := i.written(inputText)
		if number := onlyNumber(text); number != "" {
			return c.findCase(ctx, slashCommand{User: i.User.ID}, number), nil
		}
		return c.findText(ctx, i.User.ID, text), nil
	})
	if err != nil {
		return complain(inputText, noteNotNow)
	}
	view := searchModal(result)
	return say(sdk.NewUpdateViewSubmissionResponse(&view))
}
