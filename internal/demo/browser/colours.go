package browser

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// FewColours is a picture in at most n of its own colours, the frequent ones:
// flat drawings and letters lose nothing one could see, and as PNG they are a
// fraction of the size. n is at most 256.
func FewColours(img image.Image, n int) *image.Paletted {
	b := img.Bounds()
	count := map[color.RGBA]int{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[rgba(img, x, y)]++
		}
	}
	palette := frequent(count, n)
	out := image.NewPaletted(b, palette)
	index := make(map[color.RGBA]uint8, len(count))
	for c := range count {
		index[c] = uint8(palette.Index(c))
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.SetColorIndex(x, y, index[rgba(img, x, y)])
		}
	}
	return out
}

func rgba(img image.Image, x, y int) color.RGBA {
	if m, ok := img.(*image.RGBA); ok {
		return m.RGBAAt(x, y)
	}
	return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA) //nolint:forcetypeassert // the model's own type
}

// frequent are up to n colours by how much of the picture they fill; a colour
// close to one already taken gives way to others, so that gradients at the
// edges of letters are spread over their whole range.
func frequent(count map[color.RGBA]int, n int) color.Palette {
	all := make([]color.RGBA, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(value(a), value(b)))
	})
	var palette color.Palette
	for _, near := range []int{40, 24, 12, 0} {
		for _, c := range all {
			if len(palette) == n {
				return palette
			}
			if !slices.ContainsFunc(palette, func(p color.Color) bool { return distance(p.(color.RGBA), c) <= near }) { //nolint:forcetypeassert // put in below
				palette = append(palette, c)
			}
		}
	}
	return palette
}

func value(c color.RGBA) uint32 {
	return uint32(c.R)<<24 | uint32(c.G)<<16 | uint32(c.B)<<8 | uint32(c.A)
}

func distance(a, b color.RGBA) int {
	abs := func(x, y uint8) int { return max(int(x)-int(y), int(y)-int(x)) }
	return abs(a.R, b.R) + abs(a.G, b.G) + abs(a.B, b.B)
}
