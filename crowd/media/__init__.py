"""Pictures and sounds of items: taken in safely, kept by what they hold, and made ready for a phone."""
