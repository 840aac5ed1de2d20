package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"path/filepath"

	"github.com/tsunagu-chat/tsunagu/internal/demo/browser"
)

// maxPhone is how large a picture of the phone may be, in bytes.
const maxPhone = 150 << 10

// dots are how many a CSS pixel has.
const dots = 1.5

// talk is what somebody writes in one language.
type talk struct{ lang, choose, name, work, crisis string }

// talks are one consultation about rent and work, and one crisis, in each
// language of the pack.
func talks() []talk {
	return []talk{
		{"ja", "日本語", "山田", "仕事がなくなって、家賃が払えません", "もう死にたいです"},
		{"ja-easy", "やさしい", "マリア", "しごとが なくなりました。やちんが はらえません", "しにたいです"},
		{"en", "English", "Daniel", "I lost my job and can't pay the rent", "I want to die"},
		{"zh", "中文", "王芳", "没有工作，付不起房租", "我不想活了"},
		{"ko", "한국어", "지우", "일을 잃어서 집세를 낼 수 없어요", "죽고 싶어요"},
		{"vi", "Tiếng Việt", "Linh", "Tôi mất việc và không trả được tiền nhà", "Tôi muốn chết"},
	}
}

// bare leaves nothing on the page but the phone.
const bare = `(() => { const s = document.createElement('style'); s.id = 'bare';
document.querySelector('link[rel=stylesheet]').sheet.insertRule('.top, .examples, .tabs, .part-head, .foot, .toast { display: none !important }'); })() === undefined`

// takeLanguages takes the phone in each language. Each picture is as high as
// the talk, so that nothing of it is out of sight.
func takeLanguages(p *browser.Page, url, out string) error {
	p.Size(1440, 900, 1)
	p.Go(url)
	p.Until("the page", `document.body.classList.contains("ready")`)
	p.Press(`#clock [data-to="day"]`, "")
	p.Size(390, 844, dots)
	p.Press("#tab-phone", "")
	p.True(bare)
	for _, t := range talks() {
		for _, about := range []struct {
			name, text string
			menu       bool
		}{{"work", t.work, true}, {"crisis", t.crisis, false}} {
			if err := one(p, url, t, about.text, about.menu, filepath.Join(out, "phone-"+t.lang+"-"+about.name+".png")); err != nil {
				return fmt.Errorf("phone in %s: %w", t.lang, err)
			}
		}
	}
	return p.Err()
}

func one(p *browser.Page, url string, t talk, text string, menu bool, file string) error {
	var who struct{ ID string }
	if err := post(url, "resident", map[string]string{"name": t.name, "language": t.lang}, &who); err != nil {
		return err
	}
	p.Size(390, 844, dots)
	face := fmt.Sprintf(`document.querySelector('[data-id="%s"]')`, who.ID)
	p.Until("the resident", face+" !== null")
	p.True(face + ".click() === undefined")
	p.Press("#phone .quick-reply", t.choose)
	p.Until("the language", `document.querySelectorAll("#phone .row.mine").length === 1 && document.querySelectorAll("#phone .row.theirs").length > 2`)
	p.Rest()
	if err := post(url, "say", map[string]string{"resident": who.ID, "text": text}, nil); err != nil {
		return err
	}
	p.Until("the answer", `document.querySelectorAll("#phone .flex-bubble").length > 0`)
	p.Until("the menu", `document.querySelector("#phone .rich-pad img")?.complete === true`)
	p.True(fmt.Sprintf(`(() => { const b = document.querySelector("#phone .rich-bar"); if ((b.getAttribute("aria-expanded") === "true") !== %v) b.click(); })() === undefined`, menu))
	p.Rest()
	// What the talk needs beyond what it has.
	more := p.Number(`(() => { const c = document.querySelector("#phone .chat"); return c.scrollHeight - c.clientHeight })()`)
	p.Size(390, 844+int64(more), dots)
	p.Rest()
	if p.True(`(() => { const c = document.querySelector("#phone .chat"); return c.scrollHeight > c.clientHeight + 1 })()`) {
		return fmt.Errorf("%s does not show the whole talk", file)
	}
	return save(p, file)
}

// save writes the picture in few colours.
func save(p *browser.Page, file string) error {
	shot := p.Picture()
	if err := p.Err(); err != nil {
		return err
	}
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return fmt.Errorf("read the picture: %w", err)
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, browser.FewColours(img, 48)); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	if b.Len() > maxPhone {
		return fmt.Errorf("%s has %d bytes; %d are enough", file, b.Len(), maxPhone)
	}
	fmt.Printf("%s: %d KB\n", file, b.Len()>>10)
	return os.WriteFile(file, b.Bytes(), 0o644) //nolint:gosec // part of the repository
}

// post does what the page would.
func post(url, what string, body any, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	res, err := http.Post(url+"/demo/"+what, "application/json", bytes.NewReader(b)) //nolint:noctx // our own demo on loopback
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: the demo answered %s", what, res.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(into)
}
