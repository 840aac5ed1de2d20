package demo

import (
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	sdk "github.com/slack-go/slack"

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

// TestHomeAndFilesInBrowser: the staff's side as a tab of its own and files
// beside words, by pointer and by keyboard.
func TestHomeAndFilesInBrowser(t *testing.T) {
	tw := newTown(t, nil)
	p := tw.open()
	heard := func(what string, ok func() bool) {
		t.Helper()
		if err := p.Err(); err != nil {
			t.Fatal(err)
		}
		until(t, what, ok)
	}
	p.Press(`#desk [role="tab"]`, "ホーム")
	p.Until("the home", `document.querySelector(".desk-home h4")?.textContent.includes("さんの相談") === true && document.querySelector(".messages").offsetParent === null`)
	tw.card()
	p.Until("that something came meanwhile", `!document.querySelector(".desk-tabs .dot").hidden`)
	p.Press(".desk-home .bk-button", "さがす")
	heard("the press", func() bool { return len(tw.noted(&tw.pressed)) == 1 })
	p.Press("#staff .face-button", "鈴")
	p.Until("the other's home", `document.querySelector(".desk-home h4")?.textContent === "U0SUZUKI00さんの相談"`)
	p.Press("#staff .face-button", "田")
	p.Type("#desk-tab-home", kb.ArrowRight)
	p.Until("the messages, by key", `document.activeElement.id === "desk-tab-talk" && document.querySelector(".messages").offsetParent !== null && document.querySelector(".desk-tabs .dot").hidden`)

	p.Press("#desk .thread-link", "スレッドで話す")
	const field = "#desk .desk-composer textarea"
	p.Type(field, "/tsunagu help")
	p.Press("#desk .send", "")
	p.Until("why not", `document.querySelector("#toast").textContent.includes("スレッドの中では") && document.querySelector("`+field+`").value !== ""`)
	p.True(`(() => { const f = document.querySelector("` + field + `"); f.value = ""; f.dispatchEvent(new Event("input")); return true; })()`)
	p.Press(`#desk .desk-composer [aria-expanded="false"]`, "")
	p.Until("the focus in the tray", `document.activeElement?.closest("#desk .tray") !== null`)
	choose := func(size int) {
		p.True(fmt.Sprintf(`(() => { const all = new DataTransfer(), input = document.querySelector("#desk .tray input");
			all.items.add(new File([new Uint8Array(%d)], "家.png", { type: "image/png" })); input.files = all.files;
			return input.dispatchEvent(new Event("change")); })()`, size))
	}
	choose(10<<20 + 1)
	p.Until("what is too large", `document.querySelector("#toast").textContent.includes("10 MB までのものを送れます")`)
	choose(0)
	p.Until("what is empty", `document.querySelector("#toast").textContent.includes("空です")`)
	if p.True(`document.querySelector("#desk .pick") !== null`) {
		t.Error("a file that cannot be sent was taken")
	}
	choose(200)
	p.Until("the chosen file, the focus in the field", `document.querySelectorAll("#desk .pick").length === 1 && document.activeElement.matches("`+field+`")`)
	p.Until("who sees it", `document.querySelector("#desk .reach").textContent.includes("職員だけが見ます")`)
	p.Type(field, ">> どうぞ")
	p.Until("the warning who will get it", `document.querySelector("#desk .desk-composer.reaches .reach")?.textContent.includes("この行とファイル") === true`)
	p.Press("#desk .send", "")
	heard("the file beside the words", func() bool { return slices.Equal(tw.noted(&tw.shared), []string{"家.png/&gt;&gt; どうぞ"}) })
	p.Until("an empty composer", `document.querySelector("#desk .pick") === null && document.querySelector("`+field+`").value === ""`)

	// A real picture, made by the page; pressed, it is shown large.
	p.Press(`#desk .desk-composer [aria-expanded="false"]`, "")
	p.Press("#desk .tray-item", "写真")
	p.Until("the chosen picture", `document.querySelector("#desk .pick") !== null`)
	p.Press("#desk .send", "")
	p.Until("the picture", `[...document.querySelectorAll("#desk .shared img")].some((i) => i.naturalWidth === 900)`)
	p.Type("#desk .look", "\n")
	p.Until("it large", `document.querySelector("dialog.large[open] img")?.naturalWidth === 900`)
	p.Type("dialog.large button", kb.Escape)
	p.Until("the focus where it was", `document.querySelector("dialog") === null && document.activeElement.matches(".look")`)

	p.Size(390, 844, 1)
	p.Press("#tab-desk", "")
	for _, tab := range []string{"ホーム", "メッセージ"} {
		p.Press(`#desk [role="tab"]`, tab)
		p.Rest()
		if p.True(`document.documentElement.scrollWidth > innerWidth || document.querySelector("#desk").scrollWidth > innerWidth`) {
			t.Errorf("%s is wider than a narrow window", tab)
		}
	}
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestTallCardInBrowser: a card higher than the window is read from its top,
// until something new stands in its thread.
func TestTallCardInBrowser(t *testing.T) {
	tw := newTown(t, nil)
	p := tw.open()
	tw.card()
	long := sdk.NewSectionBlock(sdk.NewTextBlockObject("mrkdwn", strings.Repeat("とても長い相談\n", 60), false, false), nil, nil)
	_, ts, err := tw.slack.PostMessage(deskID, sdk.MsgOptionText("長い", false), sdk.MsgOptionBlocks(long))
	if err != nil {
		t.Fatal(err)
	}
	const end = `document.querySelector(".messages").scrollHeight - document.querySelector(".messages").clientHeight - document.querySelector(".messages").scrollTop`
	p.Until("its top", `Math.abs((document.querySelectorAll(".messages .msg")[1]?.getBoundingClientRect().top ?? 0) - document.querySelector(".messages").getBoundingClientRect().top) < 2 && `+end+` > 200`)
	if _, _, err := tw.slack.PostMessage(deskID, sdk.MsgOptionText("届きました", false), sdk.MsgOptionTS(ts)); err != nil {
		t.Fatal(err)
	}
	p.Until("the new reply below it", `document.querySelector(".thread-link.fresh") !== null && `+end+` < 2`)
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestTalkStaysAtItsEndInBrowser: pictures that come late, above and below,
// move the talk; that is not its reader scrolling.
func TestTalkStaysAtItsEndInBrowser(t *testing.T) {
	tw := newTown(t, nil)
	p := tw.open()
	p.Press(`[data-id="new"]`, "")
	p.Until("a phone", `document.querySelector("#phone .phone-name").textContent.includes("花子")`)
	for range 4 {
		p.Type("#phone textarea", "母が心配")
		p.Press("#phone .send", "")
		p.Rest()
	}
	const box = `document.querySelector("#phone .chat")`
	const end = box + `.scrollHeight - ` + box + `.clientHeight - ` + box + `.scrollTop`
	p.Until("an end to be at", box+`.scrollHeight > 2 * `+box+`.clientHeight && `+end+` < 2`)
	p.True(`(() => { const rows = ` + box + `.children; rows[0].style.paddingTop = "250px"; rows[rows.length - 1].style.paddingBottom = "150px"; return true; })()`)
	p.Rest()
	if got := p.Number(end); got > 2 {
		t.Errorf("the talk is %v pixels from its end, want it there", got)
	}
	p.True(`(` + box + `.scrollTop = 100) === 100`)
	p.Rest()
	p.Type("#desk .desk-composer textarea", "x")
	if got := p.Number(box + `.scrollTop`); got != 100 {
		t.Errorf("who scrolled to 100 is at %v", got)
	}
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
}
