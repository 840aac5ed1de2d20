package walk

import "strconv"

func (w Walker) staff(name string) {
	w.Page.Press("#staff .face-button", name[:len("田")])
	w.Page.Until(name+"'s Slack", `document.querySelector('#staff [aria-pressed="true"]').textContent.includes(`+strconv.Quote(name)+`)`)
}

func (w Walker) channel(name string) { w.Page.Press("#desk .channel", name) }

func (w Walker) thread() { w.Page.Press("#desk .thread-link", "件の返信") }

// field is the selector of a field of the form on top, by its block.
func field(block, kind string) string { return `.modal [data-block="` + block + `"] ` + kind }

func (w Walker) deskSays(text string)  { w.says("#desk .messages", text) }
func (w Walker) phoneSays(text string) { w.says("#phone .chat", text) }

func (w Walker) says(where, text string) {
	w.Page.Until(strconv.Quote(text)+" in "+where, `document.querySelector(`+strconv.Quote(where)+`).textContent.includes(`+strconv.Quote(text)+`)`)
}
