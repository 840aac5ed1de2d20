package line

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/tsunagu-chat/tsunagu/bot"
)

// progressEvery is how often LINE is asked whether a batch is done.
const progressEvery = 5 * time.Second

// standardName is the menu of all who have none of their own.
func (u *menuUpdate) standardName() string { return u.shown(bot.DefaultMenu) }

// shown is the menu that takes the place of one with this name now.
func (u *menuUpdate) shown(name string) string {
	rest, disaster := strings.CutPrefix(name, bot.SheetDisasterCase+"-")
	if disaster {
		name = bot.SheetCase + "-" + rest
	} else if rest, disaster = strings.CutPrefix(name, bot.SheetDisaster+"-"); disaster {
		name = bot.SheetUsual + "-" + rest
	}
	if u.disaster {
		return bot.AtDisaster(name)
	}
	return name
}

func (u *menuUpdate) id(name string) string {
	for _, w := range u.wanted {
		if w.name == name {
			return w.id
		}
	}
	return ""
}

func (u *menuUpdate) standard() string { return u.id(u.standardName()) }

// inForce reports that everybody has been given the menus of now.
func (u *menuUpdate) inForce() bool {
	return u.standard() != "" && u.def == u.standard() && u.mark == u.standard()
}

// exchange gives everybody the menu that takes the place of theirs: those
// without one at once, by the default; the others by one batch, whatever their
// number. The mark comes last, so that a batch that was not taken is made
// again.
func (u *menuUpdate) exchange(ctx context.Context) error {
	if u.def != u.standard() {
		res, _, err := u.api.SetDefaultRichMenuWithHttpInfo(u.standard())
		if err != nil {
			return fmt.Errorf("set the menu of all: %w", read(res, err))
		}
	}
	if operations := u.operations(); len(operations) > 0 && (len(u.old) > 0 || u.mark != "") {
		res, _, err := u.api.RichMenuBatchWithHttpInfo(&messaging_api.RichMenuBatchRequest{Operations: operations})
		if err != nil {
			return fmt.Errorf("exchange the menus of all who have one: %w", read(res, err))
		}
		if err := u.batchDone(ctx, res.Header.Get("X-Line-Request-Id")); err != nil {
			return err
		}
	}
	if u.mark != u.standard() {
		return u.point(inForceMark, u.mark, u.standard())
	}
	return nil
}

// operations replace every menu of ours that is not shown now.
func (u *menuUpdate) operations() []messaging_api.RichMenuBatchOperationInterface {
	var out []messaging_api.RichMenuBatchOperationInterface
	add := func(from, name string) {
		if to := u.id(u.shown(name)); to != "" && to != from {
			out = append(out, &messaging_api.RichMenuBatchLinkOperation{From: from, To: to})
		}
	}
	for _, w := range u.wanted {
		add(w.id, w.name)
	}
	for _, o := range u.old {
		if u.named[o.id] || u.pictured(o.id) { // nobody can have one that was left half made
			add(o.id, o.name)
		}
	}
	return out
}

// pictured reports whether a menu has its picture.
func (u *menuUpdate) pictured(id string) bool {
	res, err := u.data.GetRichMenuImage(id)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return true
}

// batchDone waits until LINE has done a batch, which it does in its own time.
func (u *menuUpdate) batchDone(ctx context.Context, request string) error {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		res, progress, err := u.api.GetRichMenuBatchProgressWithHttpInfo(request)
		if err != nil {
			return fmt.Errorf("ask whether the menus are exchanged: %w", read(res, err))
		}
		switch progress.Phase {
		case messaging_api.RichMenuBatchProgressPhase_SUCCEEDED:
			return nil
		case messaging_api.RichMenuBatchProgressPhase_FAILED:
			return errors.New("LINE could not exchange all menus")
		case messaging_api.RichMenuBatchProgressPhase_ONGOING:
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the menus to be exchanged: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// deleteOld deletes the menus that nobody has any more.
func (u *menuUpdate) deleteOld() error {
	for _, o := range u.old {
		res, _, err := u.api.DeleteRichMenuWithHttpInfo(o.id)
		if err == nil {
			continue
		}
		if f := read(res, err); f.status != http.StatusNotFound {
			return fmt.Errorf("delete old menu %s: %w", o.name, f)
		}
	}
	return nil
}
