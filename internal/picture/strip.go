package picture

import (
	"bytes"
	"encoding/binary"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegStart = 0xD8
	jpegEnd   = 0xD9
	jpegScan  = 0xDA
	jpegExif  = 0xE1
	jpegICC   = 0xE2
	jpegAdobe = 0xEE
)

// segment is one part of a JPEG file.
type segment struct {
	marker byte
	whole  []byte // with its marker
	body   []byte // without marker and length; nil when it has none
	data   []byte // of a scan: what follows it
}

// segments walks through a JPEG file up to its end, or to where it is broken.
// What cameras hang on behind the end (a second picture, a film) is not part
// of it.
func segments(b []byte, each func(segment)) {
	if len(b) < 2 || b[0] != 0xFF || b[1] != jpegStart {
		return
	}
	for i := 2; i+1 < len(b) && b[i] == 0xFF; {
		marker := b[i+1]
		switch {
		case marker == 0xFF: // a filling byte
			i++
			continue
		case marker == jpegEnd:
			each(segment{marker: marker, whole: b[i : i+2]})
			return
		case marker == 0x01 || marker >= 0xD0 && marker <= 0xD7:
			i += 2
			continue
		}
		if i+4 > len(b) {
			return
		}
		n := int(binary.BigEndian.Uint16(b[i+2:]))
		if n < 2 || i+2+n > len(b) {
			return
		}
		s := segment{marker: marker, whole: b[i : i+2+n], body: b[i+4 : i+2+n]}
		i += 2 + n
		if marker == jpegScan {
			from := i
			for i < len(b) && (b[i] != 0xFF || i+1 < len(b) && (b[i+1] == 0 || b[i+1] >= 0xD0 && b[i+1] <= 0xD7)) {
				i++
			}
			s.data = b[from:i]
		}
		each(s)
	}
}

// stripJPEG keeps what is needed to draw the picture, and how it was held.
// whole is false when the file ends before its end, or is broken.
func stripJPEG(b []byte, turned int) (out []byte, whole bool) {
	out = make([]byte, 0, len(b))
	out = append(out, 0xFF, jpegStart)
	if turned != 1 {
		out = append(out, heldExif(turned)...)
	}
	segments(b, func(s segment) {
		whole = whole || s.marker == jpegEnd
		switch m := s.marker; {
		case m == jpegICC && bytes.HasPrefix(s.body, []byte("ICC_PROFILE\x00")),
			m == jpegAdobe && bytes.HasPrefix(s.body, []byte("Adobe")) && len(s.body) == 12,
			m >= 0xC0 && m <= 0xDF: // frames, tables, scans, the end
			out = append(append(out, s.whole...), s.data...)
		}
	})
	return out, whole
}

// heldExif is an EXIF segment with the orientation and nothing else.
func heldExif(turned int) []byte {
	s := []byte("\xFF\xE1\x00\x22Exif\x00\x00MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	s[29] = byte(turned)
	return s
}

// progressive reports a JPEG that may be drawn in several passes: the marker
// stands somewhere. Decoders step over rubbish where segments stops.
func progressive(b []byte) bool { return bytes.Contains(b, []byte{0xFF, 0xC2}) }

// orientation is how a camera was held, 1 to 8, by its EXIF entry 0x0112; 1,
// upright, when there is none (CIPA DC-008, 4.6.4).
func orientation(b []byte) int {
	turned := 0
	segments(b, func(s segment) {
		if s.marker == jpegExif && turned == 0 {
			if tiff, ok := bytes.CutPrefix(s.body, []byte("Exif\x00\x00")); ok {
				turned = held(tiff)
			}
		}
	})
	if turned < 1 || turned > 8 {
		return 1
	}
	return turned
}

// held reads the orientation from the first directory of a TIFF header.
func held(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	count := int(order.Uint16(tiff[at:]))
	for entry := tiff[at+2:]; count > 0 && len(entry) >= 12; count, entry = count-1, entry[12:] {
		if order.Uint16(entry) == 0x0112 && order.Uint16(entry[2:]) == 3 { // a SHORT
			return int(order.Uint16(entry[8:]))
		}
	}
	return 0
}

var pngStart = []byte("\x89PNG\r\n\x1a\n")

// stripPNG keeps the chunks that draw the picture
// (https://www.w3.org/TR/png-3/#11Chunks).
func stripPNG(b []byte) (out []byte, whole bool) {
	out = append([]byte(nil), pngStart...)
	if !bytes.HasPrefix(b, pngStart) {
		return out, false
	}
	for b = b[len(pngStart):]; len(b) >= 8; {
		n, kind := int64(binary.BigEndian.Uint32(b)), string(b[4:8])
		chunk := min(n+12, int64(len(b))) // the last one of a broken file ends early
		switch kind {
		case "IHDR", "PLTE", "IDAT", "tRNS", "gAMA", "cHRM", "sRGB":
			out = append(out, b[:chunk]...)
		case "IEND":
			return append(out, b[:min(chunk, 12)]...), true
		}
		b = b[chunk:]
	}
	return out, false
}
