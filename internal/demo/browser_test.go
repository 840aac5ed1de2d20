package demo

import (
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/demo/browser"
	"github.com/tsunagu-chat/tsunagu/internal/demo/browser/browsertest"
	"github.com/tsunagu-chat/tsunagu/internal/line"
)

// open opens the town's page in Chromium; without one the test is left out,
// and says so at the end of the whole run.
func (tw *testTown) open() *browser.Page {
	t := tw.t
	t.Helper()
	p := browsertest.Open(t, "the demo's page")
	p.Size(1440, 900, 1)
	p.Go(tw.page)
	p.Until("the page", `document.body.classList.contains("ready")`)
	return p
}

func TestPageInBrowser(t *testing.T) {
	tw := newTown(t, nil)
	p := tw.open()
	p.Press(`[data-id="new"]`, "")
	p.Until("a phone", `document.querySelector("#phone .phone-name").textContent.includes("花子")`)
	// What looks like markup must stay text.
	p.Type("#phone textarea", "<img src=x onerror=document.title='bad'>母が心配\n")
	p.Until("the card", `document.querySelector("#phone .flex-header")?.textContent === "高齢者の相談"`)
	p.Until("own words as text", `document.querySelector("#phone .mine .bubble").textContent.startsWith("<img")`)
	if p.True(`document.title === "bad" || document.querySelector("#phone .mine .bubble img") !== null`) {
		t.Error("a resident's words became markup")
	}
	p.Until("the button's colour", `getComputedStyle(document.querySelector("#phone .flex-button.primary")).backgroundColor === "rgb(11, 107, 58)"`)
	p.Press("#phone .flex-button", "職員に話す")
	p.Until("the tap", `[...document.querySelectorAll("#phone .mine .bubble")].some((b) => b.textContent === "職員に話す")`)
	tw.card()
	p.Until("the staff's card", `document.querySelector("#desk .msg blockquote")?.textContent === "母が心配"`)
	p.Press("#desk .bk-button", "返信")
	p.Until("the form has the focus", `document.activeElement?.closest(".modal") !== null`)
	p.Press(".modal .primary", "送る")
	p.Until("the error", `document.querySelector(".modal [aria-invalid]") !== null && document.querySelector(".modal .bk-error").textContent !== ""`)
	p.Type(".modal input", "こんにちは")
	p.Press(".modal .primary", "送る")
	p.Until("the end of the form", `document.querySelector(".modal") === null && !document.querySelector(".desk-inner").inert`)
	p.Until("the message's menu", `[...document.querySelectorAll("#desk .msg-menu option")].map((o) => o.textContent).join() === "︙,ご本人に返信"`)
	p.True(`(() => { const el = document.querySelector("#desk .msg-menu"); el.value = "answer"; el.dispatchEvent(new Event("change")); return true; })()`)
	p.Until("the form by the menu", `document.querySelector(".modal") !== null`)
	p.Press(".modal .bk-button", "やめる")
	p.Until("the end of the form", `document.querySelector(".modal") === null`)
	p.Size(390, 844, 1)
	p.Press("#tab-desk", "")
	p.Until("one part only", `document.querySelector("#desk").offsetParent !== null && document.querySelector("#phone").offsetParent === null`)
	if p.True(`document.documentElement.scrollWidth > innerWidth`) {
		t.Error("the narrow page is wider than its window")
	}
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	if got := tw.noted(&tw.sent); len(got) != 1 || got[0] != "こんにちは/" {
		t.Errorf("the app got %v, want こんにちは once", got)
	}
}

// TestPictureOfStaffInBrowser: without https a picture reaches the phone as a
// link; the demo's phone shows it all the same, and nothing for a document.
func TestPictureOfStaffInBrowser(t *testing.T) {
	tw := newTown(t, nil)
	files := http.NewServeMux()
	files.HandleFunc("GET /f/picture", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_ = png.Encode(w, image.NewGray(image.Rect(0, 0, 30, 20)))
	})
	files.HandleFunc("GET /f/document", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = w.Write([]byte("%PDF-1.4"))
	})
	files.Handle("/", tw.demo.Handler())
	page := httptest.NewServer(files)
	t.Cleanup(page.Close)
	tw.page = page.URL
	p := tw.open()
	p.Press(`[data-id="new"]`, "")
	p.Until("a phone", `document.querySelector("#phone .phone-name").textContent.includes("花子")`)
	p.Type("#phone textarea", "母が心配\n")
	p.Until("the card", `document.querySelector("#phone .flex-header") !== null`)
	phones := tw.demo.cfg.LINE.Phones()
	for _, name := range []string{"document", "picture"} {
		card := bot.Card{Title: name, Buttons: []bot.Button{{Label: "ひらく", URL: page.URL + "/f/" + name}}}
		_, err := tw.line.PushMessage(&messaging_api.PushMessageRequest{
			To: phones[len(phones)-1].ID, Messages: line.Render([]bot.Message{bot.Cards{Alt: "file", Cards: []bot.Card{card}}}, "田中"),
		}, "")
		if err != nil {
			t.Fatal(err)
		}
	}
	p.Until("the picture", `[...document.querySelectorAll("#phone .theirs img.photo")].some((i) => i.src.endsWith("/f/picture") && i.naturalWidth === 30)`)
	p.Until("no picture of a document", `document.querySelectorAll("#phone img.photo").length === 1`)
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
}
