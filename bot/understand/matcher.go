package understand

// matcher finds which of many short strings occur in a text. Strings are
// numbered by the caller; several may share a number.
type matcher struct {
	nodes []matchNode
}

type matchNode struct {
	next map[rune]int32
	ids  []int32
}

func newMatcher() *matcher { return &matcher{nodes: make([]matchNode, 1)} }

func (m *matcher) add(s string, id int) {
	at := int32(0)
	for _, r := range s {
		n := &m.nodes[at]
		next, ok := n.next[r]
		if !ok {
			if n.next == nil {
				n.next = make(map[rune]int32)
			}
			next = int32(len(m.nodes))
			n.next[r] = next
			m.nodes = append(m.nodes, matchNode{})
		}
		at = next
	}
	if at != 0 {
		m.nodes[at].ids = append(m.nodes[at].ids, int32(id))
	}
}

// each calls found with every occurrence, by rune positions.
func (m *matcher) each(text []rune, found func(id, start, end int)) {
	if len(m.nodes) == 1 {
		return
	}
	for i := range text {
		at := int32(0)
		for j := i; j < len(text); j++ {
			next, ok := m.nodes[at].next[text[j]]
			if !ok {
				break
			}
			at = next
			for _, id := range m.nodes[at].ids {
				found(int(id), i, j+1)
			}
		}
	}
}
