{{ yearly_mart('district') }}
