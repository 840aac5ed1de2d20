package edit

import "strings"

// kept pairs the items that stay, in order, by the longest common run of
// texts: for each new item the old one's place, -1 for what is new.
func kept(old []*Node, items []Value) []int {
	length := make([][]int, len(old)+1)
	for i := range length {
		length[i] = make([]int, len(items)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(items) - 1; j >= 0; j-- {
			if old[i].Text == items[j].Text {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	pairs := make([]int, len(items))
	for j := range pairs {
		pairs[j] = -1
	}
	for i, j := 0, 0; i < len(old) && j < len(items); {
		switch {
		case old[i].Text == items[j].Text:
			pairs[j] = i
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// flowItems writes a list in brackets anew; what stays is written as it was.
func flowItems(text string, n *Node, v Value) string {
	parts := make([]string, len(v.Items))
	for j, i := range kept(n.Items, v.Items) {
		if i >= 0 {
			parts[j] = text[n.Items[i].start:n.Items[i].end]
		} else {
			parts[j] = v.Items[j].inline(true, n.item(j))
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// blockItems writes a list of lines anew: lines that stay are not touched, nor
// are comments between them.
func (d *Doc) blockItems(n *Node, v Value) string {
	pairs := kept(n.Items, v.Items)
	pad := strings.Repeat(" ", n.indent)
	var b strings.Builder
	at := d.lineStart(n.Items[0].from)
	b.WriteString(d.Text[:at])
	next := 0 // the first old item that has not been passed
	pass := func(until int) {
		for ; next < until; next++ { // what is gone: its line, not the comments before it
			b.WriteString(d.Text[at:d.lineStart(n.Items[next].from)])
			at = d.lineEnd(n.Items[next].end)
		}
	}
	for j, i := range pairs {
		if i < 0 {
			b.WriteString(pad + "- " + v.Items[j].inline(false, n.item(max(next-1, 0))) + "\n")
			continue
		}
		pass(i)
		to := d.lineEnd(n.Items[i].end)
		b.WriteString(d.Text[at:to])
		if !strings.HasSuffix(d.Text[:to], "\n") && j < len(pairs)-1 {
			b.WriteString("\n")
		}
		at, next = to, i+1
	}
	pass(len(n.Items))
	b.WriteString(d.Text[at:])
	return b.String()
}
