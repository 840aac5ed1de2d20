package disclosure

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"size": func(bytes int64) string {
		if bytes < 1<<20 {
			return fmt.Sprintf("%.0f KB", max(1, float64(bytes)/1024))
		}
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	},
}).Parse(pageText))

// Page writes the record as one page that needs nothing else but the files
// beside it.
func (r Record) Page(w io.Writer) error {
	if err := page.Execute(w, r); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}
