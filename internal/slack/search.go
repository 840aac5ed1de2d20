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
)

// matches looks for all words in what is known of a case: number, window,
// town, people, tags, and the resident's words.
func (c *Client) matches(cs desk.Case, words []string) bool {
	text := fold(strings.Join(append([]string{
		cs.Number(), windowName(c.cfg.Content(), cs.Window), cs.Town, cs.Holder.Name, cs.Summary, cs.Gloss, cs.About, cs.Where,
		dangerName(c.cfg.Content(), cs.Danger),
	}, cs.Tags...), "\n"))
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

// find looks through the cases of half a year that the person may see.
func (c *Client) search(ctx context.Context, user, text string) (found []desk.Case, more bool, err error) {
	words := strings.Fields(fold(text))
	if c.cfg.Board == nil || len(words) == 0 {
		return nil, false, nil
	}
	cases, err := c.cfg.Board.RecentCases(ctx, c.cfg.Now().Add(-searchBack), maxSearched)
	if err != nil {
		return nil, false, fmt.Errorf("search cases: %w", err)
	}
	sight := c.sightOf(user)
	for _, cs := range cases {
		if !c.matches(cs, words) {
			continue
		}
		ok, err := sight.sees(ctx, cs)
		if err != nil {
			return nil, false, err
		}
		if !ok {
			continue
		}
		if len(found) == maxFound {
			return found, true, nil
		}
		found = append(found, cs)
	}
	return found, false, nil
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
	found, more, err := c.search(ctx, user, text)
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "search for words failed", "err", err)
		return noteNotNow
	}
	if len(found) == 0 {
		return "見つかりませんでした。ほかのことばか、番号でためしてください。"
	}
	lines := make([]string, 0, len(found)+1)
	for _, cs := range found {
		lines = append(lines, c.caseLine(ctx, cs, c.cfg.Now()))
	}
	if more {
		lines = append(lines, fmt.Sprintf("ほかにもあります。新しい %d件だけを出しました。", maxFound))
	}
	return strings.Join(lines, "\n")
}

func searchModal(result string) sdk.ModalViewRequest {
	view := sdk.ModalViewRequest{
		Type: sdk.VTModal, CallbackID: viewSearch, Title: plainText("相談をさがす"), Submit: plainText("さがす"), Close: plainText("閉じる"),
		Blocks: sdk.Blocks{BlockSet: []sdk.Block{line(inputText, "番号か、ことば", "半年のうちの、あなたのチームの相談からさがします。", "", 100, false)}},
	}
	if result != "" {
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, sdk.NewDividerBlock(), section(result))
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
	view := searchModal(limited(result, 2900))
	return say(sdk.NewUpdateViewSubmissionResponse(&view))
}
