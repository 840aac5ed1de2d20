package insight

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"

	"github.com/tsunagu-chat/tsunagu/bot"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// Link leads to the report of another period.
type Link struct {
	Text, URL string
	Here      bool // it is this one
}

// Page writes the report as one page that needs nothing else and runs no
// program. links may be empty.
func (r Report) Page(w io.Writer, links []Link) error {
	at := r.Made.In(bot.Tokyo)
	judged := make([]map[string]string, len(r.Judged))
	for i, j := range r.Judged {
		day := j.At.In(bot.Tokyo)
		judged[i] = map[string]string{
			"What": r.names.window(j.Window) + "（" + j.Month.Ja() + "）", "Scope": j.Scope.Ja(), "Why": j.Why,
			"When": fmt.Sprintf("%d年%d月%d日", day.Year(), day.Month(), day.Day()),
		}
	}
	err := page.Execute(w, map[string]any{
		"Office": r.Content.City.Office.In(bot.Ja), "Period": r.Period.Ja(), "Before": r.Period.Before().Ja(), "Compared": r.Prior != nil,
		"Made": fmt.Sprintf("%d年%d月%d日", at.Year(), at.Month(), at.Day()), "Sample": r.Sample, "Links": links,
		"Summary": r.Summary(), "Tables": r.tables(), "Empty": r.Empty(), "Fewest": Fewest, "Judged": judged, "Note": make([]struct{}, max(1, 5-len(judged))),
	})
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}
