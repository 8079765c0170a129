{{ yearly_mart('province') }}
