package store

// SetTogether lets a benchmark compare with and without group commit.
func (s *Store) SetTogether(n int) { s.group.together = n }
