package slack

import (
	"context"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

const (
	viewPerson = "person"
	menuPerson = "person"
	inputWho   = "who"

	noteNoPerson = "たのむ人を選んでください。"
	noteNotThere = "その人は、この相談のチャンネルに入っていません。ほかの人を選んでください。"
)

// personModal lists who could take a case, who has most room first. Who opens
// it is not listed: they only have to press 引き受ける.
func personModal(a about, loads []desk.Load, by string, danger bool, now time.Time) sdk.ModalViewRequest {
	var options []*sdk.OptionBlockObject
	for _, l := range loads {
		if l.Who.ID == by || !isMember(l.Who.ID) || len(options) == maxOptions {
			continue
		}
		text := oneLine(san(oneLine(l.Who.Name, 20))+"　"+carries(l, now), maxOption)
		options = append(options, sdk.NewOptionBlockObject(l.Who.ID, plainText(text), nil))
	}
	if len(options) == 0 {
		return modal(viewPerson, "だれかにたのむ", "", "閉じる", a, []sdk.Block{hint("たのめる人が、いまは見つかりません。スレッドで声をかけてください。")})
	}
	order := "余裕がありそうな人が上です。"
	if danger {
		order += "緊急の相談のあとで休みの人は、下に出ます。"
	}
	choose := sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("人を選ぶ"), inputWho, options...)
	return modal(viewPerson, "だれかにたのむ", "たのむ", "やめる", a, []sdk.Block{
		hint(a.Number + "　" + order + "選んだ人だけを、スレッドで呼びます。その人が「引き受ける」を押してから替わります。"),
		sdk.NewInputBlock(inputWho, plainText("たのむ人"), nil, choose),
		line(inputText, "ひとこと", "職員だけが読みます。例：家が近いので", "", maxLine, true),
	})
}

// personView reads who could take a case.
func (c *Client) personView(ctx context.Context, a about, cs desk.Case, by string) (sdk.ModalViewRequest, error) {
	loads, err := c.loads(ctx, []string{c.cfg.Channel(cs.Window, cs.Danger)}, cs.Heavy(), maxOptions)
	if err != nil {
		return sdk.ModalViewRequest{}, err
	}
	return personModal(a, loads, by, cs.Heavy(), c.cfg.Now()), nil
}

// askPerson takes the modal. Only who may see the case can be asked.
func (c *Client) askPerson(ctx context.Context, i *interaction, a about) answer {
	who := i.typed(inputWho)
	if !isMember(who) {
		return complain(inputWho, noteNoPerson)
	}
	switch _, in, err := c.theirs(ctx, who, a.Case, viewPerson); {
	case err != nil:
		return complain(inputWho, noteUnknown)
	case !in:
		return complain(inputWho, noteNotThere)
	}
	return c.submitted(ctx, i, a, desk.AskPerson{Who: c.staff(ctx, who), Word: i.written(inputText)}, complain(inputWho, noteSubmit))
}

// personEntry asks one person to take a case. It calls exactly them, and nobody
// once the case is somebody's.
func personEntry(c desk.Case, e desk.Entry) post {
	id, rest, _ := strings.Cut(e.Text, "\n")
	name, word, _ := strings.Cut(rest, "\n")
	by := san(e.By.Name)
	p := post{text: c.Number() + "　"}
	if !c.AskedBy(e.ID) || !isMember(id) {
		text := by + "が、" + san(name) + "に引き受けられるかたずねました。"
		if c.CannotBy(e.ID) {
			text += "いまは難しいそうです。ほかの人も、引き受けられます。"
		}
		p.text += escape(text)
		p.add(hint(text + "　" + when(e.At)))
		return p
	}
	who := "<@" + id + "> さん"
	p.text = who + " " + p.text + "引き受けられますか"
	line := who + "　*この相談を引き受けられますか。*　" + escape(by) + "から"
	if !blank(word) {
		line += "：「" + escape(oneLine(word, maxLine)) + "」"
	}
	p.add(section(line))
	a := aboutCase(c)
	p.add(sdk.NewActionBlock("", pressed(actTake, "引き受ける", a).WithStyle(sdk.StylePrimary), pressed(actCannot, "いまは難しい", a)))
	p.add(hint("「いまは難しい」に、理由はいりません。押すまで、担当は変わりません。　" + when(e.At)))
	return p
}
