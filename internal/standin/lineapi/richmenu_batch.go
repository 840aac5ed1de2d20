package lineapi

import "net/http"

const maxBatch = 1000 // operations

// serveMenuBatch replaces menus of all who have them. LINE does it within
// minutes; here it is done when the answer comes.
// https://developers.line.biz/en/reference/messaging-api/#batch-control-rich-menus-of-users
func (p *Platform) serveMenuBatch(c *call) answer {
	var check checker
	check.only(c.root, nil, "operations", "resumeRequestKey")
	type operation struct{ kind, from, to string }
	var operations []operation
	if list := check.array(c.root, nil, "operations", true); list != nil {
		place := &at{key: "operations"}
		check.size(list, place, 1, maxBatch)
		for i := range list.items {
			item, spot := &list.items[i], &at{up: place, index: i}
			if item.kind != kindObject {
				check.mistyped(item, spot)
				continue
			}
			op := operation{kind: check.text(item, spot, "type", textRule{required: true})}
			switch op.kind {
			case "link":
				check.only(item, spot, "type", "from", "to")
				op.from = check.text(item, spot, "from", textRule{required: true})
				op.to = check.text(item, spot, "to", textRule{required: true})
			case "unlink":
				check.only(item, spot, "type", "from")
				op.from = check.text(item, spot, "from", textRule{required: true})
			case "unlinkAll":
				check.only(item, spot, "type")
			default:
				check.bad(spot, "invalid type")
			}
			operations = append(operations, op)
		}
	}
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, op := range operations {
		for _, id := range []string{op.from, op.to} {
			if m := p.menus.menus[id]; id != "" && (m == nil || m.image == nil) {
				return badRequest("richmenu not found")
			}
		}
	}
	// All look at what people had before: a swap of two menus is one batch.
	next := map[string]string{}
	for id, person := range p.chats {
		for _, op := range operations {
			if person.richMenu != "" && (op.kind == "unlinkAll" || op.from == person.richMenu) {
				next[id] = op.to
				break
			}
		}
	}
	for id, menu := range next {
		p.chats[id].richMenu = menu
		p.changed(p.chats[id], ChangeRichMenu)
	}
	p.menus.batches[c.requestID] = p.now()
	return accepted()
}

func (p *Platform) serveMenuProgress(c *call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, found := p.menus.batches[c.r.URL.Query().Get("requestId")]
	if !found {
		return decline(http.StatusNotFound, "Not found")
	}
	when := at.UTC().Format("2006-01-02T15:04:05.000Z")
	return okJSON(struct {
		Phase     string `json:"phase"`
		Accepted  string `json:"acceptedTime"`
		Completed string `json:"completedTime"`
	}{"succeeded", when, when})
}
