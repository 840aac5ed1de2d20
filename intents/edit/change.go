package edit

import (
	"slices"
	"strings"
)

// Order gives the keys of the table at a path in the order in which they are
// written; new keys find their place by it.
type Order func(path []string) []string

// Set writes v under keys of the table row, making the tables between where
// they are not there. It returns the changed text.
func (d *Doc) Set(row *Node, keys []string, v Value, order Order) string {
	at := row
	for i, k := range keys {
		next := at.Get(k)
		if next == nil || next.Form != Table && i < len(keys)-1 {
			for j := len(keys) - 1; j > i; j-- {
				v = Value{Form: Table, Keys: []Pair{{keys[j], v}}}
			}
			if next != nil {
				return d.replace(next, at, v)
			}
			return d.insert(at, k, v, order(keys[:i]))
		}
		if i == len(keys)-1 {
			return d.replace(next, at, v)
		}
		at = next
	}
	return d.Text
}

// Unset takes keys out of the table row, and the tables that become empty.
func (d *Doc) Unset(row *Node, keys []string) string {
	holders := []*Node{row}
	for _, k := range keys {
		next := holders[len(holders)-1].Get(k)
		if next == nil {
			return d.Text
		}
		holders = append(holders, next)
	}
	i := len(keys) - 1
	for i > 0 && len(holders[i].Keys) == 1 {
		i--
	}
	return d.drop(holders[i], keys[i])
}

// replace writes v in the place of n, which stands in holder.
func (d *Doc) replace(n, holder *Node, v Value) string {
	if n.Form == List && v.Form == List && scalars(n) && len(v.Items) > 0 && len(n.Items) > 0 {
		if n.Flow {
			return d.splice(n.start, n.end, flowItems(d.Text, n, v))
		}
		return d.blockItems(n, v)
	}
	if holder.Flow {
		blank := ""
		if n.missing {
			blank = " "
		}
		return d.splice(n.start, n.end, blank+v.inline(true, n))
	}
	from := n.start
	for from > 0 && d.Text[from-1] == ' ' {
		from--
	}
	if !n.Flow && n.Form != Scalar { // a block: from behind the colon of its key
		from = n.from + strings.Index(d.Text[n.from:], ":") + 1
		if c := d.Text[n.from]; c == '"' || c == '\'' {
			from = n.from + strings.Index(d.Text[n.from:n.start], string(c)+":") + 2
		}
	}
	if n.Form == Scalar && v.Form == Scalar && n.style != '|' && !literal(v.Text) && !n.missing {
		return d.splice(n.start, n.end, v.inline(false, n))
	}
	like := n
	if n.Form != v.Form {
		like = nil
	}
	return d.splice(from, n.end, v.behind(holder.indent, like))
}

func scalars(n *Node) bool {
	return !slices.ContainsFunc(n.Items, func(i *Node) bool { return i.Form != Scalar || i.style == '|' || i.missing })
}

func (d *Doc) splice(from, to int, text string) string { return d.Text[:from] + text + d.Text[to:] }

// insert writes a new key into a table.
func (d *Doc) insert(table *Node, key string, v Value, order []string) string {
	place := slices.Index(order, key)
	after := -1
	for i, e := range table.Keys {
		if p := slices.Index(order, e.Key); place < 0 || p >= 0 && p < place {
			after = i
		}
	}
	if table.Flow {
		text := keyText(key) + ": " + v.inline(true, nil)
		switch {
		case len(table.Keys) == 0:
			return d.splice(table.start, table.end, "{"+text+"}")
		case after < 0:
			return d.splice(table.Keys[0].Value.from, table.Keys[0].Value.from, text+", ")
		}
		end := table.Keys[after].Value.end
		return d.splice(end, end, ", "+text)
	}
	text := strings.Repeat(" ", table.indent) + keyText(key) + ":" + v.behind(table.indent, nil)
	if after < 0 {
		from := d.lineStart(table.Keys[0].Value.from)
		if strings.TrimSpace(d.Text[from:table.Keys[0].Value.from]) == "" {
			return d.splice(from, from, text+"\n")
		}
		after = 0 // the first key stands behind a dash
	}
	return d.below(table.Keys[after].Value.end, text)
}

// below writes lines behind the line on which end lies.
func (d *Doc) below(end int, text string) string {
	at := d.lineEnd(end)
	if at == 0 || at <= len(d.Text) && d.Text[at-1] != '\n' {
		return d.splice(at, at, "\n"+text)
	}
	return d.splice(at, at, text+"\n")
}

func (d *Doc) lineStart(at int) int { return strings.LastIndexByte(d.Text[:at], '\n') + 1 }

// lineEnd is behind the line break of the line on which at lies.
func (d *Doc) lineEnd(at int) int {
	if i := strings.IndexByte(d.Text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(d.Text)
}

// drop takes a key out of a table.
func (d *Doc) drop(table *Node, key string) string {
	i := slices.IndexFunc(table.Keys, func(e Entry) bool { return e.Key == key })
	v := table.Keys[i].Value
	if table.Flow {
		switch {
		case i+1 < len(table.Keys):
			return d.splice(v.from, table.Keys[i+1].Value.from, "")
		case i > 0:
			return d.splice(table.Keys[i-1].Value.end, v.end, "")
		}
		return d.splice(table.start, table.end, "{}")
	}
	from := d.lineStart(v.from)
	if strings.TrimSpace(d.Text[from:v.from]) == "" {
		return d.splice(from, d.lineEnd(v.end), "")
	}
	if i+1 < len(table.Keys) { // behind a dash: the next key moves up
		return d.splice(v.from, table.Keys[i+1].Value.from, "")
	}
	return d.splice(v.from, v.end, "{}")
}

// Add writes a new item into a list, at a place from 0 to its length.
func (d *Doc) Add(list *Node, place int, v Value) string {
	if list == nil { // nothing in the file but comments
		text := d.Text
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return text + "-" + v.item(0, nil) + "\n"
	}
	if len(list.Items) == 0 { // []
		if list == d.Root {
			return d.splice(list.start, list.end, "-"+v.item(0, nil))
		}
		return d.splice(list.start, list.end, "["+v.inline(true, nil)+"]")
	}
	like := list.item(max(place-1, 0))
	if list.Flow {
		if place == 0 {
			return d.splice(like.from, like.from, v.inline(true, like)+", ")
		}
		return d.splice(like.end, like.end, ", "+v.inline(true, like))
	}
	text := strings.Repeat(" ", list.indent) + "-" + v.item(list.indent, like)
	apart := len(list.Items) > 1 && strings.Contains(d.Text[list.Items[0].end:list.Items[1].from], "\n\n")
	if place == 0 {
		from := d.lineStart(like.from)
		if apart {
			text += "\n"
		}
		return d.splice(from, from, text+"\n")
	}
	if apart {
		text = "\n" + text
	}
	return d.below(like.end, text)
}

// Remove takes an item out of a list of several. The last item of a list at
// the root leaves []; elsewhere Unset takes the list's key away.
func (d *Doc) Remove(list *Node, place int) string {
	n := list.Items[place]
	if list.Flow {
		switch {
		case place+1 < len(list.Items):
			return d.splice(n.from, list.Items[place+1].from, "")
		case place > 0:
			return d.splice(list.Items[place-1].end, n.end, "")
		}
		return d.splice(n.from, n.end, "")
	}
	from, to := d.lineStart(n.from), d.lineEnd(n.end)
	if len(list.Items) == 1 {
		return d.splice(from, to, strings.Repeat(" ", list.indent)+"[]\n")
	}
	if strings.HasSuffix(d.Text[:from], "\n\n") && (to == len(d.Text) || d.Text[to] == '\n') {
		from-- // one of the blank lines around it
	}
	return d.splice(from, to, "")
}
