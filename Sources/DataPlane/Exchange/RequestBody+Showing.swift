import NIOCore

extension RequestBody {
  /// How far somebody has read the body.
  struct Cursor {
    fileprivate var piece = 0
    fileprivate var offset = 0
  }

  /// Bytes that are to be sent of what has come.
  var bytesToSend: Int { isDecoded || isReplaced ? sentBytes : receivedBytes + lengthChange }

  /// Shows the bytes at a place, no more than `limit`; returns how many, and moves the place behind them. Pieces only ever grow at the
  /// end of the last one, so that a place stays what it is.
  func show(_ cursor: inout Cursor, upTo limit: Int, to body: (UnsafeRawBufferPointer) -> Void) -> Int {
    while cursor.piece < pieces.count {
      let rest = pieces[cursor.piece].readableBytes - cursor.offset
      if rest > 0 {
        let count = min(rest, limit)
        pieces[cursor.piece].withUnsafeReadableBytes {
          body(UnsafeRawBufferPointer(rebasing: $0[cursor.offset..<cursor.offset + count]))
        }
        cursor.offset += count
        return count
      }
      guard cursor.piece + 1 < pieces.count else { return 0 }
      cursor = Cursor(piece: cursor.piece + 1)
    }
    return 0
  }
}
