{{ yearly_mart('commune') }}
